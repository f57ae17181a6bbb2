/** Bytes that come in bit by bit: kept in one piece, since a sender can make every piece a single byte. */
export interface GrowingBytes {
  /** `false` when they would be more than the most; then nothing is added. */
  add(chunk: Uint8Array): boolean;
  /** All of them. */
  take(): Uint8Array;
}

/** Bytes of which there are `most` at most. */
export function createBytes(most: number): GrowingBytes {
  let bytes = new Uint8Array(0);
  let size = 0;

  function add(chunk: Uint8Array): boolean {
    const needed = size + chunk.byteLength;
    if (needed > most) return false;
    if (needed > bytes.byteLength) {
      const larger = new Uint8Array(Math.min(most, Math.max(needed, bytes.byteLength * 2)));
      larger.set(bytes.subarray(0, size));
      bytes = larger;
    }
    bytes.set(chunk, size);
    size = needed;
    return true;
  }

  return { add, take: () => (size === bytes.byteLength ? bytes : bytes.slice(0, size)) };
}
