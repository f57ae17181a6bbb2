/** The key set that an issuer publishes (RFC 7517 §5). */
export interface PublicJwks {
  readonly keys: readonly Readonly<Record<string, unknown>>[];
}

/** What forgeries are made of: one honest token and what everybody can know. */
export interface ForgeryInput {
  /** A token that the API accepts now, and throughout the test. */
  readonly token: string;
  /** The public keys of its issuer; `{ keys: [] }` where they are symmetric. */
  readonly jwks: PublicJwks;
  /**
   * Signs with the issuer's own key what it is given, `header.payload`. With it the contents of tokens are tested as well: without it a forged
   * content never has a right signature.
   */
  readonly sign?: (input: string) => Uint8Array | Promise<Uint8Array>;
}

/** A token that every API must refuse. */
export interface ForgedToken {
  /** The row of the corpus that it belongs to: a bug that some library shipped. */
  readonly row: number;
  readonly name: string;
  readonly token: string;
  /** Whether an HTTP client can send it in a header to the letter: others hold spaces at an end, controls or letters beyond ASCII. */
  readonly fitsHeader: boolean;
}

export type Json = Readonly<Record<string, unknown>>;

/** An honest token, taken apart. */
export interface Parts {
  readonly token: string;
  readonly header: Json;
  readonly payload: Json;
  /** The three parts as they are in the token. */
  readonly encoded: readonly [string, string, string];
  readonly signature: Buffer;
  /** The public key that it names, or the first one. */
  readonly jwk: Json | undefined;
  readonly jwks: PublicJwks;
}

/** A forgery on its way into the list. */
export interface Forgery {
  readonly row: number;
  readonly name: string;
  readonly token: string;
}

/**
 * Takes an honest token apart.
 *
 * @throws TypeError when it is no compact JWS
 */
export function toParts({ token, jwks }: ForgeryInput): Parts {
  const [header = '', payload = '', signature = '', ...more] = token.split('.');
  const [head, claims] = [objectIn(header), objectIn(payload)];
  if (!head || !claims || signature === '' || more.length > 0) {
    throw new TypeError('the honest token is no signed JWT in compact form');
  }
  return {
    ...{ token, jwks, header: head, payload: claims, encoded: [header, payload, signature] },
    signature: Buffer.from(signature, 'base64url'),
    jwk: jwks.keys.find(({ kid }) => kid === head.kid) ?? jwks.keys[0],
  };
}

function objectIn(part: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

/** Text or bytes in base64url. */
export function encode(value: string | Uint8Array): string {
  return Buffer.from(value).toString('base64url');
}

/** An object, or a text as it stands, in base64url. */
export function encodeJson(value: unknown): string {
  return encode(typeof value === 'string' ? value : JSON.stringify(value));
}

/** What a signature is made over; a text stands for itself. */
export function inputOf(header: unknown, payload: unknown): string {
  return `${encodeJson(header)}.${encodeJson(payload)}`;
}
