/** A text in which a secret can stand, by how it is written there. */
export interface WrittenForm {
  readonly form: string;
  readonly text: string;
  /** Whether it is found in any case. */
  readonly anyCase?: boolean;
}

/** A piece of a canary that is as good as the whole: half of it. */
const half = 12;

/** All the ways in which a canary is looked for. */
export function formsOf(secret: string): WrittenForm[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  return [
    { form: 'its beginning', text: secret.slice(0, half), anyCase: true },
    { form: 'its middle', text: secret.slice(half / 2, half / 2 + half), anyCase: true },
    { form: 'its end', text: secret.slice(-half), anyCase: true },
    { form: 'reversed', text: [...secret].reverse().join('').slice(0, half), anyCase: true },
    // Within a longer text that was encoded, it begins at one of three places of a group.
    ...[0, 1, 2].map((at) => ({ form: 'base64', text: inBase64(bytes, at) })),
    { form: 'hexadecimal', text: hex.slice(0, 2 * half), anyCase: true },
    { form: 'percent-encoded', text: hex.replace(/../g, '%$&').slice(0, 3 * half), anyCase: true },
    { form: 'escaped for JSON', text: hex.replace(/../g, '\\u00$&').slice(0, 6 * half), anyCase: true },
    { form: 'numbers of bytes', text: [...bytes.subarray(0, half)].join(',') },
  ];
}

/** The part of a base64 text that is the same whatever stands before and after; both alphabets write a canary alike. */
function inBase64(bytes: Buffer, at: number): string {
  const encoded = Buffer.concat([Buffer.alloc(at), bytes]).toString('base64url');
  return encoded.slice(at === 0 ? 0 : at + 1, 22);
}
