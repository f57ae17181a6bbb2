import { ConfigError } from '@secapi/kernel';
import { describe, expect, it } from 'vitest';
import { createTokenVerifier } from '../src/index.js';
import { api, world } from './support.js';

const { keys } = await world();
const mac = await world('HS256');
const good = {
  keys,
  algorithms: ['EdDSA'],
  issuer: api,
  audience: api,
  type: 'at+jwt',
  maxLifetime: '15m',
  clockTolerance: '30s',
} as const;

describe('a verifier that would be unsafe', () => {
  it('is not the one that has everything', () => {
    expect(() => createTokenVerifier(good)).not.toThrow();
    expect(() =>
      createTokenVerifier({ ...good, clockTolerance: 300, algorithms: ['EdDSA', 'ES256'] }),
    ).not.toThrow();
    expect(() => createTokenVerifier({ ...good, keys: mac.keys, algorithms: ['HS256'] })).not.toThrow();
  });

  it.each(Object.keys(good))("can't be made without %s", (name) => {
    expect(() => createTokenVerifier({ ...good, [name]: undefined } as never)).toThrow(ConfigError);
    expect(() => createTokenVerifier({ ...good, [name]: undefined } as never)).toThrow(`verifier.${name}`);
  });

  it.each<[string, unknown[]]>([
    ['keys', [null, '', 'secret', {}, [], Buffer.from('secret'), () => 'key']],
    [
      'algorithms',
      [
        null,
        [],
        'EdDSA',
        ['none'],
        ['eddsa'],
        [''],
        [undefined],
        ['EdDSA', 'none'],
        ['EdDSA', 'HS256'],
        ['ES256'],
        ['PBES2-HS256+A128KW'],
        ['__proto__'],
      ],
    ],
    ['issuer', [null, '', 0, [api], /./, {}, 'x'.repeat(513)]],
    ['audience', [null, '', 0, [api], /./, {}]],
    ['type', [null, '', 'JWT', 'at+JWT', ['at+jwt'], /at/]],
    ['maxLifetime', [null, 0, -1, Number.NaN, Number.POSITIVE_INFINITY, '15', 'long', '8d', {}]],
    ['clockTolerance', [null, -1, 301, '6m', Number.NaN, Number.POSITIVE_INFINITY, '30', {}]],
    ['revocations', [null, {}, 'memory']],
    [
      'cache',
      [
        null,
        true,
        { max: -1 },
        { max: Number.POSITIVE_INFINITY },
        { max: 1.5 },
        { max: 2e6 },
        {},
        { size: 1 },
      ],
    ],
    ['alg', ['EdDSA']],
    ['ignoreExpiration', [true]],
  ])('is refused for its %s', (name, values) => {
    for (const value of values) {
      expect(() => createTokenVerifier({ ...good, [name]: value } as never)).toThrow(ConfigError);
    }
  });
});
