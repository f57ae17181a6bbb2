/** An address of a client. */
function addressOf(i: number): string {
  return `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`;
}

/** So many clients' addresses in turn, the same texts again and again: what a connection's address is to its second request. */
export function knownKeys(count: number): () => string {
  const keys = Array.from({ length: count }, (_, i) => flat(addressOf(i)));
  let turn = 0;
  return () => keys[turn++ % count] ?? '';
}

/** The same addresses, each time as a new text: what comes out of a header field or a token. No engine has its hash yet. */
export function newKeys(count: number): () => string {
  const keys = Array.from({ length: count }, (_, i) => Buffer.from(addressOf(i)));
  let turn = 0;
  return () => keys[turn++ % count]?.toString('latin1') ?? '';
}

/** The addresses from one to another as new texts. */
export function keysBetween(first: number, last: number): string[] {
  return Array.from({ length: last - first }, (_, i) => flat(addressOf(first + i)));
}

/** A text that was put together is a tree until somebody reads it; one that came over the network never is. */
function flat(text: string): string {
  return Buffer.from(text).toString('latin1');
}
