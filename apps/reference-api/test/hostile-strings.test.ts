import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Field, fieldsOfRoutes, type Ground } from './hostile/fields.js';
import { titleOf } from './hostile/normal.js';
import { hostileStrings, knownCount } from './hostile/strings.js';
import { type Landed, type Shot, shoot } from './hostile/wire.js';
import { type Api, startApi } from './support/api.js';
import { addPost, administrator, newUser, signIn, type User, withAdministrator } from './support/journey.js';

const frameworks = ['express', 'fastify', 'koa'] as const;
const soak = process.env.SECAPI_SOAK === '1';
const seed = Number(process.env.SECAPI_FUZZ_SEED ?? randomInt(2 ** 31));
const strings = hostileStrings(soak ? 20_000 : knownCount + 120, seed);
/** Every string is sent to one field of so many, other ones with each seed. */
const stride = soak ? 31 : 19;
/** And to one of so many of those whose passwords are hashed. */
const costlyStride = soak ? 400 : 200;
const atOnce = 12;
/** Milliseconds of a test: a bound on what hangs. */
const limit = soak ? 3_600_000 : 120_000;
/** What is in what was sent and never in an answer by itself. */
const canary = 'zq7xkv';

/** A shot, and what was hostile in it. */
interface Volley {
  readonly field: Field;
  readonly text: string;
  readonly shot: Shot;
}

describe('hostile strings in every field of every route', () => {
  describe.each(frameworks)('on %s', (framework) => {
    let api: Api;
    let user: User;
    let admin: User;
    let ground: Ground;
    let before: string;

    beforeAll(async () => {
      api = await startApi({
        FRAMEWORK: framework,
        TRUST_PROXY: '127.0.0.1/32',
        API_LIMIT: '1000000',
        LOGIN_LIMIT: '1000000',
        ...withAdministrator,
      });
      user = await newUser(api);
      before = await own();
      await enter();
    });
    afterAll(() => api?.remove());

    /** Signs in again: a long run outlives access tokens. */
    async function enter(): Promise<void> {
      [user, admin] = await Promise.all([signIn(api, user), signIn(api, administrator)]);
      ground = { user: user.accessToken, admin: admin.accessToken, post: await addPost(user) };
    }

    async function own(): Promise<string> {
      const answer = await user.send('GET', '/api/me');
      return `${answer.status} ${answer.text}`;
    }

    it(
      `are answered, refused by a well-formed problem that repeats nothing, or taken (seed ${seed})`,
      async () => {
        const wrong: string[] = [];
        const counts = { taken: 0, refused: 0 };
        const turn = (seed % 1_000) + frameworks.indexOf(framework);
        let nth = 0;
        for (let first = 0; first < strings.length && wrong.length < 20; first += 50) {
          if (first % 2_000 === 0 && first > 0) await enter();
          const volleys: Volley[] = [];
          for (const [i, text] of strings.slice(first, first + 50).entries()) {
            for (const [j, field] of fieldsOfRoutes.entries()) {
              const place = first + i + j + turn;
              if (place % (field.costly ? costlyStride : stride) !== 0) continue;
              nth++;
              const marked = nth % 2 === 0 ? text + canary : text;
              volleys.push({ field, text: marked, shot: field.shot(marked, ground, nth) });
            }
          }
          await inTurns(volleys, async ({ field, text, shot }) => {
            const landed = await shoot(api.port, shot);
            const problem = judge(shot, landed, field);
            if (problem !== undefined)
              wrong.push(`${field.name} ← ${JSON.stringify(text.slice(0, 80))}: ${problem}`);
            if (typeof landed.status === 'number') counts[landed.status < 400 ? 'taken' : 'refused']++;
          });
          if (first % 250 === 0) expect(await own()).toBe(before);
        }
        expect(wrong).toEqual([]);
        expect(await own()).toBe(before);
        // both were really tried
        expect(Math.min(counts.taken, counts.refused)).toBeGreaterThan(nth / 20);
      },
      limit,
    );

    it(
      'come back as titles do by their documentation, and are found again',
      async () => {
        const titles = soak
          ? strings.slice(0, 3_000)
          : strings.slice(0, knownCount).filter((_, i) => i % 3 === frameworks.indexOf(framework));
        const wrong: unknown[] = [];
        await inTurns(titles, async (title) => {
          const expected = titleOf(title);
          const made = await user.send('POST', '/api/posts', {
            raw: JSON.stringify({ title, html: 'x' }),
            type: 'application/json',
          });
          const tooLarge = made.status === 413 && Buffer.byteLength(JSON.stringify(title)) > 100_000;
          // half a pair is no text at all
          const noText = made.status === 400 && /\p{Surrogate}/u.test(title);
          if (expected === undefined) {
            if (made.status !== 422 && !tooLarge && !noText)
              wrong.push([title.slice(0, 80), made.status, 'refused']);
            return;
          }
          if (made.status !== 201)
            return void wrong.push([title.slice(0, 80), made.status, made.text, 'taken']);
          const { id, title: got } = made.json<{ id: string; title: string }>();
          if (got !== expected) wrong.push([title.slice(0, 80), got, expected]);
          const read = await user.send('GET', `/api/posts/${id}`);
          if (read.json<{ title: string }>().title !== expected)
            wrong.push(['read', title.slice(0, 80), read.text]);
          const q = encodeURIComponent(expected);
          const found = await user.send('GET', `/api/search?limit=100&q=${q}`);
          if (!found.text.includes(id)) wrong.push(['search', title.slice(0, 80), found.status]);
        });
        expect(wrong).toEqual([]);
      },
      limit,
    );

    it('leave nothing in the log but lines of JSON, and no crash', async () => {
      const lines = api
        .output()
        .split('\n')
        .filter((line) => line !== '');
      const odd = lines.filter((line) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be in a log
        if (/[\0-\x1f\x7f-\x9f\u2028\u2029]/.test(line)) return true;
        if (/^\S+ listens on|^secapi|listening/i.test(line)) return false;
        try {
          return typeof JSON.parse(line) !== 'object';
        } catch {
          return true;
        }
      });
      expect(odd.slice(0, 5).map((line) => line.slice(0, 200))).toEqual([]);
      expect(lines.filter((line) => /sys_crash|unhandled|INTERNAL_ERROR/i.test(line)).slice(0, 3)).toEqual(
        [],
      );
    });
  });
});

/** Does a work for each, some at once. */
async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  async function lane(): Promise<void> {
    for (const item of rest) await work(item);
  }
  await Promise.all(Array.from({ length: atOnce }, lane));
}

const members = ['type', 'title', 'status', 'detail', 'instance', 'code', 'requestId'];

/** What is wrong with an answer, if anything is. */
function judge(shot: Shot, { status, headers, text }: Landed, { name }: Field): string | undefined {
  const said = `${status} ${text.slice(0, 300)}`;
  // behind a head that ends early stands what is no request: a connection on which that comes may be closed at once
  if (status === 'cut' && shot.headers.some(([, value]) => value.includes('\r\n\r\n'))) return undefined;
  if (typeof status === 'string' || status >= 500) return said;
  if (status >= 300 && status < 400) return `redirected: ${said}`;
  if (status < 400) return undefined;
  if (headers.get('content-type') !== 'application/problem+json')
    return `no problem: ${headers.get('content-type')} ${said}`;
  let problem: Readonly<Record<string, unknown>>;
  try {
    problem = JSON.parse(text) as typeof problem; // looked at member by member
  } catch {
    return `no JSON: ${said}`;
  }
  if (!members.every((member) => member in problem) || problem.status !== status)
    return `incomplete: ${said}`;
  // a key that nobody knows is named by its path, and an id that a trusted proxy gives is the request's
  const keyed = name.startsWith('a key') || name.startsWith('name of PUT') || name.includes('whole query');
  const named = keyed || name.includes('X-Request-Id');
  const told = named ? '' : text + [...headers.values()].join();
  return told.includes(canary) ? `repeats what was sent: ${said} ${JSON.stringify(shot.headers)}` : undefined;
}
