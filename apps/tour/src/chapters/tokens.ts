import { textOf } from '../client.js';
import { claimsOf, signedWithPublicKey, withClaims, withoutSignature } from '../forge.js';
import type { Guide } from '../guide.js';
import { bearing, type People } from '../people.js';

const me = { method: 'GET', path: '/api/me' } as const;
const refused = { status: 401, code: 'INVALID_TOKEN' } as const;

/** Who is asking: Ann with her token, and others with none or with one of their own making. */
export async function tokens(guide: Guide, { ann, bob }: People): Promise<void> {
  guide.chapter('Who is asking');
  const jwks = await guide.honest(
    'anybody reads the public keys',
    { method: 'GET', path: '/.well-known/jwks.json' },
    { status: 200, also: ({ json }) => (firstKey(json) ? undefined : 'there was no key') },
  );
  await guide.honest('Ann asks who she is', bearing(ann.accessToken, me), {
    status: 200,
    also: ({ json }) => (textOf(json, 'email') === ann.email ? undefined : 'it was somebody else'),
    shows: 'her own account',
  });
  await guide.attack('no token at all', me, {
    status: 401,
    code: 'UNAUTHENTICATED',
    guard: 'access: signed-in',
  });
  await guide.attack('her token, unsigned: "alg": "none"', bearing(withoutSignature(ann.accessToken), me), {
    ...refused,
    guard: 'authenticate: algorithm',
  });
  const forged = signedWithPublicKey(ann.accessToken, firstKey(jwks.json) ?? {});
  await guide.attack('her token, HS256 with the public key', bearing(forged, me), {
    ...refused,
    guard: 'authenticate: algorithm',
  });
  const borrowed = withClaims(bob.accessToken, { sub: claimsOf(ann.accessToken).sub });
  await guide.attack("Bob's token with Ann's id written in", bearing(borrowed, me), {
    ...refused,
    guard: 'authenticate: signature',
  });
}

function firstKey(jwks: unknown): Record<string, unknown> | undefined {
  return (jwks as { keys?: Record<string, unknown>[] } | undefined)?.keys?.[0]; // as RFC 7517 §5 has it
}
