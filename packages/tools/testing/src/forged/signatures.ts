import { encode, encodeJson, type Forgery, inputOf, type Parts } from './parts.js';

/** Signatures that are nearly right, or right for something else (rows 4 and 16). */
export function signatureForgeries(parts: Parts): Forgery[] {
  const { header, payload, encoded, signature } = parts;
  const input = `${encoded[0]}.${encoded[1]}`;
  const length = signature.length;
  const half = length >> 1;
  const signatures: [name: string, bytes: Uint8Array][] = [
    ['without its last byte', signature.subarray(0, -1)],
    ['without its first byte', signature.subarray(1)],
    ['of half its length', signature.subarray(0, half)],
    ['of one byte', signature.subarray(0, 1)],
    ['with a byte more', Buffer.concat([signature, Buffer.of(0)])],
    ['with a zero before it', Buffer.concat([Buffer.of(0), signature])],
    ['twice', Buffer.concat([signature, signature])],
    ['backwards', Buffer.from(signature).reverse()],
    ['with its halves exchanged', Buffer.concat([signature.subarray(half), signature.subarray(0, half)])],
    ['of zeros', Buffer.alloc(length)],
    ['of 64 zeros', Buffer.alloc(64)],
    ['of ones', Buffer.alloc(length, 0xff)],
    ['of r = s = 1', oneAndOne(half)],
    ['of zeros in DER', Buffer.from('3006020100020100', 'hex')],
    ['of the neutral point and zero', Buffer.concat([Buffer.of(1), Buffer.alloc(63)])],
    ...[0, 1, half, length - 1].map((at): [string, Uint8Array] => [
      `with byte ${at} changed`,
      flipped(signature, at),
    ]),
  ];
  if (header.alg === 'EdDSA' && length === 64)
    signatures.push(['with the order added to S', plusOrder(signature)]);
  const others: [name: string, token: string][] = [
    ['another subject', `${inputOf(header, { ...payload, sub: 'attacker' })}.${encoded[2]}`],
    [
      'another subject, the header as it was',
      `${encoded[0]}.${encodeJson({ ...payload, sub: 'attacker' })}.${encoded[2]}`,
    ],
    ['a later end', `${encoded[0]}.${encodeJson({ ...payload, exp: 9_999_999_999 })}.${encoded[2]}`],
    [
      'the same claims in another order',
      `${encoded[0]}.${encodeJson(Object.fromEntries(Object.entries(payload).reverse()))}.${encoded[2]}`,
    ],
    [
      'the same claims with spaces',
      `${encoded[0]}.${encode(JSON.stringify(payload, undefined, 1))}.${encoded[2]}`,
    ],
    [
      'the same header with spaces',
      `${encode(JSON.stringify(header, undefined, 1))}.${encoded[1]}.${encoded[2]}`,
    ],
    ['header and payload exchanged', `${encoded[1]}.${encoded[0]}.${encoded[2]}`],
  ];
  return [
    ...signatures
      .filter(([, bytes]) => !Buffer.from(bytes).equals(signature))
      .map(([name, bytes]) => ({ row: 4, name: `signature ${name}`, token: `${input}.${encode(bytes)}` })),
    ...others.map(([name, token]) => ({ row: 16, name: `an honest signature over ${name}`, token })),
  ];
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

function oneAndOne(half: number): Buffer {
  const bytes = Buffer.alloc(half * 2);
  if (half > 0) bytes[half - 1] = bytes[half * 2 - 1] = 1;
  return bytes;
}

// The order of the base point of edwards25519 (RFC 8032 §5.1): whoever doesn't check S < L takes a second signature for every first one.
const order = 2n ** 252n + 27742317777372353535851937790883648493n;

function plusOrder(signature: Buffer): Buffer {
  const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`) + order;
  const bytes = Buffer.from(s.toString(16).padStart(64, '0').slice(-64), 'hex').reverse();
  return Buffer.concat([signature.subarray(0, 32), bytes]);
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Other spellings of an honest token: one token, one text, or else lists of revoked ones can be walked around. */
export function spellingForgeries({ token, encoded }: Parts): Forgery[] {
  const [header, payload, signature] = encoded;
  const join = (...parts: string[]): string => parts.join('.');
  const spare = spareBits(signature);
  const spellings: [name: string, token: string][] = [
    ...(spare === undefined
      ? []
      : [['with its spare bits set', join(header, payload, spare)] as [string, string]]),
    [
      'with padding',
      join(header, payload, `${signature}${'='.repeat((4 - (signature.length % 4)) % 4) || '===='}`),
    ],
    ['with padding in each part', join(`${header}==`, `${payload}==`, `${signature}==`)],
    ['with a letter of base64', join(header, payload, `+${signature.slice(1)}`)],
    ['with a slash', join(header, payload, `/${signature.slice(1)}`)],
    ['with a space in it', join(header, payload, `${signature.slice(0, 9)} ${signature.slice(9)}`)],
    ['with a newline in it', join(header, payload, `${signature.slice(0, 9)}\n${signature.slice(9)}`)],
    ['with a NUL at its end', `${token}\0`],
    ['with a space before it', ` ${token}`],
    ['with a newline at its end', `${token}\n`],
    ['with a byte order mark before it', `\uFEFF${token}`],
    [
      'with a letter beyond Latin-1',
      join(header, payload, `${signature.slice(0, 9)}\u0141${signature.slice(9)}`),
    ],
    ['percent-encoded', token.replaceAll('.', '%2E')],
    ['in quotes', `"${token}"`],
    ['twice, with a comma', `${token},${token}`],
    ['with a stop at its end', `${token}.`],
    ['with a stop before it', `.${token}`],
    ['with two stops', join(header, '', payload, signature)],
    ['with a part more', join(header, payload, signature, signature)],
    ['with five parts', join(header, payload, signature, signature, signature)],
    ['without its signature', join(header, payload)],
    ['with an empty signature', join(header, payload, '')],
    ['with an empty payload', join(header, '', signature)],
    ['with an empty header', join('', payload, signature)],
    ['of its header alone', header],
    ['of stops', '..'],
    ['of one stop', '.'],
    ['in JSON', JSON.stringify({ protected: header, payload, signature })],
    [
      'in JSON, with a list of signatures',
      JSON.stringify({ payload, signatures: [{ protected: header, signature }] }),
    ],
  ];
  return spellings.map(([name, other]) => ({ row: 16, name: `the honest token ${name}`, token: other }));
}

/** The same bytes in other letters, where the last letter has bits to spare. */
function spareBits(part: string): string | undefined {
  if (part.length % 4 === 0) return undefined;
  const last = alphabet.indexOf(part.slice(-1));
  return part.slice(0, -1) + alphabet.charAt(last ^ 1);
}
