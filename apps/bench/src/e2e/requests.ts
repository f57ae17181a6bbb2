import { collection, draft, path } from './posts.js';
import { isGuarded, isSecapi, type Stack } from './stack.js';
import { origin, type Tokens } from './world.js';

/** One request as it goes over the wire, and the status that a stack must answer. */
export interface WireRequest {
  readonly name: string;
  readonly bytes: Buffer;
  readonly status: number;
}

export const mixes = ['get', 'post', 'get-many', 'hostile'] as const;
/**
 * What is asked in turn.
 *
 * - `get`, `post`: one member, one token.
 * - `get-many`: the same reading by many members, each with a token of its own.
 * - `hostile`: half honest; the other half forged tokens, none like the one before, garbled ones, a page of another origin, unknown keys.
 */
export type Mix = (typeof mixes)[number];

export function isMix(text: string): text is Mix {
  return mixes.some((mix) => mix === text);
}

export const titles: Readonly<Record<Mix, string>> = {
  get: 'GET, one token',
  post: 'POST, one token',
  'get-many': 'GET, many tokens in turn',
  hostile: 'hostile mix, half of it to refuse',
};

/** The requests of a mix, for one stack. */
export function requestsOf(mix: Mix, stack: Stack, tokens: Tokens): readonly WireRequest[] {
  const known = knownRequests(stack, tokens);
  if (mix === 'get') return [known.get];
  if (mix === 'post') return [known.post];
  if (mix === 'get-many') return tokens.members.map((token) => wire('member reads', { token, status: 200 }));
  return tokens.forged.flatMap((token) => [
    known.get,
    { ...known.forged, bytes: wire('forged token', { token, status: known.forged.status }).bytes },
    known.post,
    known.foreign,
    known.get,
    known.unknownKey,
    known.post,
    known.garbled,
  ]);
}

/** Every kind of request that is ever sent, by what it is. */
export function knownRequests(
  stack: Stack,
  { members, guest, forged }: Tokens,
): Readonly<
  Record<'get' | 'post' | 'none' | 'forged' | 'garbled' | 'guest' | 'unknownKey' | 'foreign', WireRequest>
> {
  const [token] = members;
  const refused = (status: number, open: number): number => (isGuarded(stack) ? status : open);
  const body = draft;
  // The peers' CORS only leaves headers out: what another origin sends is done all the same.
  const strict = isSecapi(stack) || stack === 'floor';
  return {
    get: wire('member reads', { token, status: 200 }),
    post: wire('member writes', { token, body, status: 201 }),
    none: wire('nobody reads', { status: refused(401, 200) }),
    forged: wire('forged token', { token: forged[0], status: refused(401, 200) }),
    garbled: wire('garbled token', { token: 'not.a.token', status: refused(401, 200) }),
    guest: wire('guest writes', { token: guest, body, status: refused(403, 201) }),
    unknownKey: wire('unknown key', { token, body: { ...body, role: 'admin' }, status: refused(422, 201) }),
    foreign: wire('another origin writes', {
      token,
      body,
      from: 'https://evil.example',
      status: strict ? 403 : 201,
    }),
  };
}

function wire(
  name: string,
  options: {
    readonly token?: string | undefined;
    readonly body?: object;
    readonly from?: string;
    readonly status: number;
  },
): WireRequest {
  const { token, body, from = origin, status } = options;
  const text = body === undefined ? '' : JSON.stringify(body);
  const lines = [
    body === undefined ? `GET ${path} HTTP/1.1` : `POST ${collection} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Connection: keep-alive',
    'Accept: application/json',
    `Origin: ${from}`,
    ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
    ...(body === undefined
      ? []
      : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(text)}`]),
  ];
  return { name, status, bytes: Buffer.from(`${lines.join('\r\n')}\r\n\r\n${text}`) };
}
