// The least significant byte first, as the key itself has it (RFC 8032 §5.1.2); 2^255 - 19.
const prime = bytesOf(`ed${'ff'.repeat(30)}7f`);

// The y of every point whose order divides 8: 0, 1, -1, and the two of order 8.
const smallOrder = [
  '00'.repeat(32),
  `01${'00'.repeat(31)}`,
  `ec${'ff'.repeat(30)}7f`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
].map(bytesOf);

/**
 * Whether an Ed25519 public key (32 bytes) is one of the few that fit signatures which nobody made: a point of small order, or one
 * spelt with a y beyond the field, which RFC 8032 §5.1.3 refuses and OpenSSL takes.
 */
export function isWeakPoint(x: Uint8Array): boolean {
  const y = Uint8Array.from(x);
  y[31] = (y[31] ?? 0) & 0x7f; // without the sign of x
  return !isBelow(y, prime) || smallOrder.some((weak) => weak.every((byte, at) => byte === y[at]));
}

function isBelow(a: Uint8Array, b: Uint8Array): boolean {
  for (let at = 31; at >= 0; at--) {
    const [left = 0, right = 0] = [a[at], b[at]];
    if (left !== right) return left < right;
  }
  return false;
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, at) => Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16));
}
