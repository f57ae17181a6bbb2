import { createKeyRing, generateKey } from '@secapi/tokens';
import { describe, expect, it } from 'vitest';
import { createShield, type RecommendedOptions, recommended, route } from '../src/index.js';
import { policy } from './support.js';

const keys = await createKeyRing({ keys: [await generateKey()] });
const tokens = { keys, issuer: 'https://api.test', audience: 'https://api.test' };
const honest: RecommendedOptions = { origins: ['https://app.test'], tokens, policy };

/** Builds a shield from what somebody without types may have written. */
const build = (options: object) => createShield(recommended(options as RecommendedOptions));

describe('a configuration that is dangerous or makes no sense', () => {
  const cases: [what: string, options: object, says: RegExp][] = [
    [
      'an unknown option',
      { ...honest, origin: ['https://app.test'] },
      /recommended\.origin is not an option: use one of/,
    ],
    ['any origin with credentials', { ...honest, origins: ['*'] }, /origins/],
    ['the null origin', { ...honest, origins: ['null'] }, /origins/],
    ['a missing audience', { ...honest, tokens: { keys, issuer: 'https://api.test' } }, /audience/],
    ['a missing issuer', { ...honest, tokens: { keys, audience: 'https://api.test' } }, /issuer/],
    [
      'a lifetime that never ends',
      { ...honest, tokens: { ...tokens, maxLifetime: Number.POSITIVE_INFINITY } },
      /maxLifetime/,
    ],
    [
      'a clock tolerance of an hour',
      { ...honest, tokens: { ...tokens, clockTolerance: '1h' } },
      /clockTolerance/,
    ],
    ['a limit of NaN', { ...honest, limits: { api: { limit: Number.NaN, window: '15m' } } }, /limit/],
    ['a window that is no duration', { ...honest, limits: { api: { limit: 1, window: 'soon' } } }, /window/],
    ['trust in the whole Internet', { ...honest, trustProxy: ['0.0.0.0/0'] }, /trustProxy/],
    [
      'a guard before one that is not there',
      { ...honest, guards: [{ guard: { name: 'x', enter() {} }, before: 'nothing' }] },
      /guards/,
    ],
    ['observing a guard that is not there', { ...honest, observe: ['crsf'] }, /observe/],
  ];

  it.each(cases)('throws at construction: %s', (_, options, says) => {
    expect(() => build(options)).toThrow(says);
    expect(() => build(options)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });

  it('throws for a secret of three bytes, and does not repeat it', async () => {
    const short = { kty: 'oct', kid: 'a', alg: 'HS256', k: 'c2Vj' };
    const failure = await createKeyRing({ keys: [short] }).catch((error: Error) => error);
    expect(failure).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(String(failure)).not.toContain('c2Vj');
  });

  it('throws where a route is declared: no access, an unknown permission, a limit that is not there', () => {
    const shield = build(honest);
    const declare = (security: object) => () => shield.declare(security as ReturnType<typeof route>);
    expect(declare({})).toThrow(/route\.access is missing/);
    expect(declare({ access: 'everybody' })).toThrow(/route\.access is not known/);
    expect(declare({ access: 'post:destroy' })).toThrow(/post:destroy/);
    expect(declare({ access: 'public', limit: 'login' })).toThrow(/route\.limit/);
    expect(declare({ access: 'signed-in', owner: () => undefined })).toThrow(/route\.owner/);
    expect(declare({ acess: 'public', access: 'public' })).toThrow(/route\.acess is not an option/);
  });

  it('takes the honest one', () => {
    expect(build(honest).declare(route({ access: 'post:create' }))).toBeDefined();
  });
});
