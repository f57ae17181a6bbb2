import { randomBytes } from 'node:crypto';
import { createAccessTokenIssuer, createKeyRing, generateKey, type JWK } from '@secapi/tokens';

export const issuer = 'https://api.example';
export const audience = 'https://api.example';
export const origin = 'https://app.example';
/** High enough that nothing honest is refused, and the same for all. */
export const requestsPerWindow = 1_000_000_000;

/** What the servers and the load share. It goes to a server's process as JSON. */
export interface World {
  readonly secret: string;
  readonly hmac: JWK;
  readonly pair: JWK;
}

/** The tokens of one algorithm: those of members in turn, one of a guest without rights, and as many as members whose signature is wrong. */
export interface Tokens {
  readonly members: readonly string[];
  readonly guest: string;
  readonly forged: readonly string[];
}

export async function createWorld(): Promise<World> {
  const secret = randomBytes(48).toString('base64url');
  const hmac: JWK = {
    kty: 'oct',
    k: Buffer.from(secret).toString('base64url'),
    alg: 'HS256',
    kid: 'hmac-1',
    use: 'sig',
  };
  return { secret, hmac, pair: await generateKey() };
}

export async function createTokens(key: JWK, count: number): Promise<Tokens> {
  const keys = await createKeyRing({ keys: [key] });
  const issuing = createAccessTokenIssuer({ keys, issuer, audience, lifetime: '1h' });
  const issue = async (subject: string): Promise<string> =>
    (await issuing.issue({ subject, session: `session-of-${subject}` })).token;
  const members: string[] = [];
  for (let i = 0; i < count; i++) members.push(await issue(`member-${i}`));
  const [, , signature] = (await issue('nobody')).split('.');
  const forged = members.map((token) => `${token.slice(0, token.lastIndexOf('.'))}.${signature}`);
  return { members, guest: await issue('guest'), forged };
}

/** Who somebody is: the same look-up for every stack. */
export function roleOf(subject: string): 'member' | 'guest' {
  return subject === 'guest' ? 'guest' : 'member';
}
