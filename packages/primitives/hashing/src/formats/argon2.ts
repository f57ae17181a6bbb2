import type { Argon2Input } from '../engine.js';
import { fromBase64, toBase64 } from '../internal/base64.js';
import type { ParsedHash } from './stored-hash.js';

// Parameters in the order and spelling of the reference implementation, each once; without `v` it is version 0x10.
const phc =
  /^\$(argon2id|argon2i|argon2d)\$(?:v=(16|19)\$)?m=([1-9]\d{0,9}),t=([1-9]\d{0,9}),p=([1-9]\d{0,2})\$([\w+/]{11,86})\$([\w+/]{22,86})$/;

/** `$argon2id$v=19$m=19456,t=2,p=1$salt$digest`: a salt of 8 to 64 bytes and a digest of 16 to 64. */
export function readArgon2(text: string): ParsedHash | undefined {
  const match = phc.exec(text);
  if (!match) return undefined;
  const salt = fromBase64(match[6] ?? '');
  const digest = fromBase64(match[7] ?? '');
  const memory = Number(match[3]);
  const parallelism = Number(match[5]);
  if (!salt || !digest || memory < parallelism * 8) return undefined;
  const variant = match[1] as Argon2Input['variant']; // as the expression has it
  const version = match[2] === '19' ? 19 : 16;
  const input = { variant, version, memory, iterations: Number(match[4]), parallelism, salt } as const;
  return { scheme: variant, input: { ...input, length: digest.length }, digest };
}

/** The PHC string of an Argon2id digest, version 0x13. */
export function writeArgon2id(input: Argon2Input, digest: Uint8Array): string {
  const { memory, iterations, parallelism, salt } = input;
  const params = `m=${memory},t=${iterations},p=${parallelism}`;
  return `$argon2id$v=19$${params}$${toBase64(salt)}$${toBase64(digest)}`;
}
