import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type BreachCheckOptions,
  createBreachCheck,
  createHttpRange,
  createPasswordRules,
  withBreachCheck,
} from '../src/index.js';

const breached = 'correct horse battery staple';
const honest = 'seven unlikely pelicans';
const digestOf = (password: string) => createHash('sha1').update(password).digest('hex').toUpperCase();
const padding = `${'0'.repeat(35)}:0\r\n${'F'.repeat(35)}:0`;

/** The answer of a public range API that knows these passwords. */
function answer(prefix: string, counts: Readonly<Record<string, number>> = { [breached]: 384 }): string {
  const lines = Object.entries(counts)
    .map(([password, count]) => [digestOf(password), count] as const)
    .filter(([digest]) => digest.startsWith(prefix))
    .map(([digest, count]) => `${digest.slice(5)}:${count}`);
  return [...lines, padding].join('\r\n');
}

const refusing = (range: BreachCheckOptions['range'], more: Partial<BreachCheckOptions> = {}) =>
  createBreachCheck({ range, onUnavailable: 'refuse', ...more });
const unavailable = { code: 'HASHING_BREACH_CHECK_UNAVAILABLE' };

describe('a breach check', () => {
  it('finds a password of a breach, and no other one', async () => {
    const check = refusing(async (prefix) => answer(prefix));
    expect(await check.check(breached)).toEqual({ breached: true, checked: true });
    expect(await check.check(honest)).toEqual({ breached: false, checked: true });
  });

  it('tells the source five digits of a digest and nothing else', async () => {
    const asked: unknown[] = [];
    const check = refusing(async (prefix, options) => {
      asked.push(prefix, Object.keys(options));
      return answer(prefix);
    });
    await check.check(breached);
    expect(asked).toEqual([digestOf(breached).slice(0, 5), ['signal']]);
  });

  it('takes no padding for a hit, nor a hit for padding', async () => {
    expect(await refusing(async (prefix) => answer(prefix, { [breached]: 0 })).check(breached)).toEqual({
      breached: false,
      checked: true,
    });
    const twice = async (prefix: string) => `${answer(prefix)}\r\n${answer(prefix, { [breached]: 0 })}`;
    expect((await refusing(twice).check(breached)).breached).toBe(true);
  });

  it('reads lines with or without carriage returns, in either case', async () => {
    for (const change of [
      (text: string) => text.replaceAll('\r', ''),
      (text: string) => `${text}\r\n`,
      (text: string) => text.toLowerCase(),
    ]) {
      expect((await refusing(async (prefix) => change(answer(prefix))).check(breached)).breached).toBe(true);
    }
  });

  it('looks up the normal form that is hashed (NFC)', async () => {
    const check = refusing(async (prefix) => answer(prefix, { 'Caf\u00e9 au lait, bitte': 2 }));
    expect((await check.check('Cafe\u0301 au lait, bitte')).breached).toBe(true);
  });

  it.each([
    ['that fails', () => Promise.reject(new Error('connection refused'))],
    [
      'that throws',
      () => {
        throw new Error('not today');
      },
    ],
    ['that never answers', () => new Promise<string>(() => {})],
    ['with a page of HTML', async () => '<html>sign in to the network</html>'],
    ['with a page of HTML among the lines', async (prefix: string) => `${answer(prefix)}\r\n<script>`],
    ['with a count that is none', async () => `${'A'.repeat(35)}:many`],
    ['with digests of another length', async () => `${'A'.repeat(59)}:3`],
    ['with no text', async () => undefined as unknown as string],
    ['with too much text', async () => `${'A'.repeat(35)}:1\n`.repeat(10_000)],
  ])('does not take an answer %s for "not breached"', async (_what, range) => {
    await expect(refusing(range, { timeout: '30ms' }).check(honest)).rejects.toMatchObject(unavailable);
    const told: unknown[] = [];
    const report = (error: unknown) => told.push(error);
    const willing = createBreachCheck({ range, onUnavailable: 'allow', timeout: '30ms', report });
    expect(await willing.check(honest)).toEqual({ breached: false, checked: false });
    expect(told).toEqual([expect.objectContaining(unavailable)]);
    expect(JSON.stringify(told) + String(told)).not.toContain(honest);
  });

  it('stops waiting when the caller gives up, also where an outage is allowed', async () => {
    const controller = new AbortController();
    let seen: AbortSignal | undefined;
    const check = createBreachCheck({
      range: (_prefix, { signal }) => {
        seen = signal;
        queueMicrotask(() => controller.abort());
        return new Promise<string>(() => {});
      },
      onUnavailable: 'allow',
    });
    const aborted = { code: 'HASHING_ABORTED' };
    await expect(check.check(honest, { signal: controller.signal })).rejects.toMatchObject(aborted);
    expect(seen?.aborted).toBe(true);
    await expect(check.check(honest, { signal: controller.signal })).rejects.toMatchObject(aborted);
  });

  it('asks once for each prefix while it remembers it, and remembers so many and so long', async () => {
    let time = 0;
    const asked: string[] = [];
    const range = async (prefix: string) => {
      asked.push(prefix);
      return answer(prefix);
    };
    const prefixOf = (password: string) => digestOf(password).slice(0, 5);
    const check = refusing(range, { cache: { size: 2, ttl: '1m' }, now: () => time });
    for (const password of ['a', 'b', 'a', 'c', 'a', 'b']) await check.check(password);
    expect(asked).toEqual(['a', 'b', 'c', 'b'].map(prefixOf));
    time = 60_000; // to have been used since makes no answer younger
    await check.check('b');
    expect(asked.at(-1)).toBe(prefixOf('b'));
    expect(asked).toHaveLength(5);
    const forgetful = refusing(range, { cache: false });
    for (let i = 0; i < 3; i++) await forgetful.check('a');
    expect(asked).toHaveLength(8);
  });

  it('does not remember an outage', async () => {
    const answers = ['<html>', undefined];
    const check = refusing(async (prefix) => answers.shift() ?? answer(prefix));
    await expect(check.check(breached)).rejects.toMatchObject(unavailable);
    expect((await check.check(breached)).breached).toBe(true);
  });

  const range = async () => '';
  it.each([
    ['breachCheck.range', { onUnavailable: 'allow' }],
    ['breachCheck.onUnavailable', { range }],
    ['breachCheck.onUnavailable', { range, onUnavailable: 'ignore' }],
    ['breachCheck.timeout', { range, onUnavailable: 'allow', timeout: '2m' }],
    ['breachCheck.maxSize', { range, onUnavailable: 'allow', maxSize: 'much' }],
    ['breachCheck.cache.size', { range, onUnavailable: 'allow', cache: { size: 1e6 } }],
    ['breachCheck.cache.max', { range, onUnavailable: 'allow', cache: { max: 5 } }],
    ['breachCheck.tiemout', { range, onUnavailable: 'allow', tiemout: '1s' }],
  ])('refuses to be built with a wrong %s', (option, options) => {
    // Wrong on purpose, as from JavaScript.
    expect(() => createBreachCheck(options as unknown as BreachCheckOptions)).toThrow(
      expect.objectContaining({ option }),
    );
  });
});

it('comes after the rules: what they refuse is never looked up', async () => {
  let asked = 0;
  const check = refusing(async (prefix) => {
    asked++;
    return answer(prefix);
  });
  const rules = withBreachCheck(createPasswordRules({ contextWords: ['secapi'] }), check);
  for (const [password, code] of [
    ['short', 'PASSWORD_TOO_SHORT'],
    ['passwordpassword', 'PASSWORD_TOO_COMMON'],
    ['secapi secapi 2026', 'PASSWORD_CONTEXT_WORD'],
  ] as const) {
    expect(await rules.check(password)).toMatchObject({ ok: false, code });
  }
  expect(asked).toBe(0);
  const verdict = await rules.check(breached, ['alice@mail.example']);
  expect(verdict).toEqual({
    ok: false,
    code: 'PASSWORD_BREACHED',
    message: expect.not.stringContaining(breached),
  });
  expect(await rules.check(honest)).toEqual({ ok: true });
  const signal = AbortSignal.abort();
  await expect(rules.check(honest, [], { signal })).rejects.toMatchObject({ code: 'HASHING_ABORTED' });
});

describe('over HTTP', () => {
  let server: Server;
  let url: string;
  const requests: { path: string | undefined; padding: unknown; agent: unknown }[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      const { url: path = '', headers } = request;
      requests.push({ path, padding: headers['add-padding'], agent: headers['user-agent'] });
      if (path.startsWith('/range/')) response.end(answer(path.slice(-5)));
      else if (path.startsWith('/moved/'))
        response.writeHead(302, { location: `/range/${path.slice(-5)}` }).end();
      else if (path.startsWith('/endless/')) {
        const line = `${'A'.repeat(35)}:1\r\n`.repeat(1_000);
        const more = () => {
          while (!response.destroyed && response.write(line));
        };
        response.on('drain', more);
        more();
      } else response.writeHead(503).end('<html>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  );

  it('asks for the prefix, padded, with the headers it was given', async () => {
    const range = createHttpRange({ url: `${url}/range/`, headers: { 'user-agent': 'example' } });
    expect(await refusing(range).check(breached)).toEqual({ breached: true, checked: true });
    expect(await refusing(range).check(honest)).toEqual({ breached: false, checked: true });
    const path = `/range/${digestOf(breached).slice(0, 5)}`;
    expect(requests[0]).toEqual({ path, padding: 'true', agent: 'example' });
  });

  it.each(['moved', 'endless', 'nothing'])('has no answer from a source that is %s', async (place) => {
    const range = createHttpRange({ url: `${url}/${place}/` });
    await expect(refusing(range, { timeout: '10s' }).check(breached)).rejects.toMatchObject(unavailable);
  });

  it.each([
    'not a url',
    'http://api.example/range/',
    'ftp://127.0.0.1/',
    'https://api.example/range',
    'https://api.example/?q=/',
    7,
  ])('is not built with the address %s', (address) => {
    // Wrong on purpose, as from JavaScript.
    expect(() => createHttpRange({ url: address as string })).toThrow(
      expect.objectContaining({ option: 'httpRange.url' }),
    );
  });
});
