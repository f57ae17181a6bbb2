import { describe, expect, it } from 'vitest';
import { type CorsOptions, createCors } from '../src/index.js';

const app = 'https://app.example';
const vary = (headers: readonly (readonly [string, string])[]) =>
  headers.filter(([name]) => name === 'vary').map(([, value]) => value);
const preflight = { origin: app, method: 'POST', headers: 'content-type' };
const asked = 'Access-Control-Request-Method, Access-Control-Request-Headers';

describe('Vary', () => {
  it.each<[string, CorsOptions]>([
    ['a list', { origins: [app] }],
    ['a pattern', { origins: ['https://*.app.example'] }],
    ['a lookup', { origins: [], originAllowed: () => false }],
  ])('names Origin with %s, whether one was sent or not, allowed or not', async (_, options) => {
    const cors = createCors(options);
    for (const origin of [undefined, app, 'https://evil.example']) {
      expect([origin, vary((await cors.actual(origin)).headers)]).toEqual([origin, ['Origin']]);
    }
    for (const origin of [undefined, app, 'https://evil.example']) {
      expect(vary((await cors.preflight({ ...preflight, origin })).headers)).toEqual([`Origin, ${asked}`]);
    }
  });

  it.each<[string, Omit<CorsOptions, 'originAllowed'>]>([
    ['nobody', { origins: [] }],
    ['everybody', { origins: [], dangerouslyAllowAnyOrigin: true }],
  ])('is not needed where the answer is constant: %s', (_, options) => {
    const cors = createCors(options);
    for (const origin of [undefined, app]) expect(vary(cors.actual(origin).headers)).toEqual([]);
    expect(vary(cors.preflight(preflight).headers)).toEqual([asked]);
  });
});

describe('private network access', () => {
  const answer = (allowPrivateNetwork: boolean, over: object = {}) =>
    createCors({ origins: [app], allowPrivateNetwork }).preflight({
      ...preflight,
      privateNetwork: 'true',
      ...over,
    });
  const grant = ['access-control-allow-private-network', 'true'];

  it('is granted only where the policy says so, to those who ask, and varies', () => {
    expect(answer(true).headers).toContainEqual(grant);
    expect(vary(answer(true).headers)[0]).toContain('Access-Control-Request-Private-Network');
    expect(answer(false).headers).not.toContainEqual(grant);
    expect(answer(false).allowed).toBe(true);
    expect(answer(true, { privateNetwork: undefined }).headers).not.toContainEqual(grant);
    expect(answer(true, { privateNetwork: 'yes' }).headers).not.toContainEqual(grant);
  });

  it('is never granted to an origin that is not allowed', () => {
    expect(answer(true, { origin: 'https://evil.example' })).toMatchObject({ allowed: false });
    expect(answer(true, { origin: 'https://evil.example' }).headers).not.toContainEqual(grant);
  });

  it('can not go with any origin', () => {
    expect(() =>
      createCors({ origins: [], dangerouslyAllowAnyOrigin: true, allowPrivateNetwork: true }),
    ).toThrow(/allowPrivateNetwork/);
  });
});

it('what can not be meant with a lookup is refused', () => {
  const originAllowed = () => true;
  expect(() => createCors({ origins: [], originAllowed, dangerouslyAllowAnyOrigin: true })).toThrow(
    /keep one/,
  );
  expect(() => createCors({ origins: [], originLookup: {} })).toThrow(/originLookup/);
  expect(() => createCors({ origins: [], originAllowed: true as never })).toThrow(/not a function/);
  expect(() => createCors({ origins: [], credentials: 1 as never })).toThrow(/cors\.credentials/);
  expect(() => createCors({ origins: [], allowPrivateNetwork: 'yes' as never })).toThrow(/boolean/);
});
