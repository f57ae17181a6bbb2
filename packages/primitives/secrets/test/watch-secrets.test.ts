import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { integer, optional, type SecretsError, secretText, watchSecrets, withDefault } from '../src/index.js';

const random = () => randomBytes(32).toString('base64url');
const schema = {
  ONE: secretText(),
  TWO: secretText(),
  LIMIT: withDefault(integer({ min: 1, max: 9 }), 3),
  THREE: optional(secretText()),
};

let folder = '';
let generation = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watched-'));
  generation = 0;
  for (const name of ['ONE', 'TWO', 'LIMIT']) symlinkSync(join('..data', name), join(folder, name));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Replaces all files at once as Kubernetes does: a new folder, and then the one link that leads to it. */
function publish(files: Readonly<Record<string, string>>): void {
  const next = `..${generation++}`;
  mkdirSync(join(folder, next));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, next, name), content);
  symlinkSync(next, join(folder, '..data_tmp'));
  renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
}

const env = () => ({
  ONE_FILE: join(folder, 'ONE'),
  TWO_FILE: join(folder, 'TWO'),
  LIMIT_FILE: join(folder, 'LIMIT'),
});

describe('watched secrets', () => {
  it('are replaced whole when their files are, and everybody is told once', () => {
    const [one, two, next] = [random(), random(), random()];
    publish({ ONE: one, TWO: two, LIMIT: '3' });
    const secrets = watchSecrets(schema, { env: env() });
    const before = secrets.current();
    const told: string[][] = [];
    const stop = secrets.subscribe(({ changed, current, previous }) => {
      told.push([...changed]);
      expect([current, previous]).toEqual([secrets.current(), before]);
    });

    expect(secrets.reload()).toEqual({ ok: true, changed: [] });
    expect(secrets.current()).toBe(before);
    publish({ ONE: next, TWO: two, LIMIT: '4' });
    expect(secrets.reload()).toEqual({ ok: true, changed: ['ONE', 'LIMIT'] });
    expect([secrets.current().ONE.reveal(), secrets.current().LIMIT]).toEqual([next, 4]);
    expect(secrets.current().TWO).toBe(before.TWO);
    expect(before.ONE.reveal()).toBe(one);
    expect(told).toEqual([['ONE', 'LIMIT']]);
    expect(Object.isFrozen(secrets.current())).toBe(true);

    stop();
    publish({ ONE: random(), TWO: two, LIMIT: '4' });
    secrets.reload();
    expect(told).toHaveLength(1);
  });

  it.each<[string, (good: string) => Record<string, string>]>([
    ['weak', (good) => ({ ONE: 'changeme', TWO: good, LIMIT: '3' })],
    ['missing', (good) => ({ ONE: good, LIMIT: '3' })],
    ['empty', (good) => ({ ONE: '', TWO: good, LIMIT: '3' })],
    ['the same as another', (good) => ({ ONE: good, TWO: good, LIMIT: '3' })],
    ['beside a setting that makes no sense', (good) => ({ ONE: good, TWO: random(), LIMIT: 'canary' })],
  ])('stay what they were when a new one is %s, and say so once', (_title, files) => {
    publish({ ONE: random(), TWO: random(), LIMIT: '3' });
    const said: SecretsError[] = [];
    const secrets = watchSecrets(schema, { env: env(), onRefused: (error) => said.push(error) });
    const before = secrets.current();
    secrets.subscribe(() => expect.unreachable());
    publish(files(random()));
    const outcome = secrets.reload();
    expect(outcome).toMatchObject({ ok: false, problems: [{ variable: expect.any(String) }] });
    expect(secrets.current()).toBe(before);
    secrets.reload();
    expect(said).toHaveLength(1);
    expect(said[0]?.message).not.toMatch(/changeme|canary/);
  });

  it('come back once the files are good again', () => {
    publish({ ONE: random(), TWO: random(), LIMIT: '3' });
    const secrets = watchSecrets(schema, { env: env() });
    publish({ ONE: 'bad', TWO: random(), LIMIT: '3' });
    expect(secrets.reload().ok).toBe(false);
    const one = random();
    publish({ ONE: one, TWO: random(), LIMIT: '3' });
    expect(secrets.reload()).toEqual({ ok: true, changed: ['ONE', 'TWO'] });
    expect(secrets.current().ONE.reveal()).toBe(one);
  });

  it('are never half old and half new, when the link turns between two files', () => {
    const pairs = new Map<string, string>();
    const pair = (): Record<string, string> => {
      const [one, two] = [random(), random()];
      pairs.set(one, two);
      return { ONE: one, TWO: two, LIMIT: '3' };
    };
    publish(pair());
    const files = new Map<string, string>();
    let swap = (): void => {};
    const readFile = (path: string): string => {
      const name = path.slice(-3);
      const text = files.get(name) ?? '';
      if (name === 'ONE') swap();
      return text;
    };
    const turn = (): void => {
      for (const [name, text] of Object.entries(pair())) files.set(name, text);
    };
    turn();
    const secrets = watchSecrets(
      { ONE: secretText(), TWO: secretText() },
      { env: { ONE_FILE: 'ONE', TWO_FILE: 'TWO' }, readFile },
    );
    for (let left = 3; left > 0; left--) {
      let turns = left;
      swap = () => {
        if (turns-- > 0) turn();
      };
      secrets.reload();
      const { ONE, TWO } = secrets.current();
      expect(pairs.get(ONE.reveal())).toBe(TWO.reveal());
    }
  });

  it('tell all subscribers, whichever of them fails', async () => {
    publish({ ONE: random(), TWO: random(), LIMIT: '3' });
    const failures: unknown[] = [];
    const secrets = watchSecrets(schema, { env: env(), onError: (error) => failures.push(error) });
    let told = 0;
    secrets.subscribe(() => {
      throw new Error('first');
    });
    secrets.subscribe(async () => {
      throw new Error('second');
    });
    secrets.subscribe(() => {
      told++;
    });
    publish({ ONE: random(), TWO: random(), LIMIT: '3' });
    expect(secrets.reload().ok).toBe(true);
    await Promise.resolve().then(() => {});
    expect([told, failures.map(String)]).toEqual([1, ['Error: first', 'Error: second']]);
  });

  it('are read again by the clock where that is asked for, until they are closed', () => {
    vi.useFakeTimers();
    try {
      publish({ ONE: random(), TWO: random(), LIMIT: '3' });
      const secrets = watchSecrets(schema, { env: env(), every: '30s' });
      const told: unknown[] = [];
      secrets.subscribe(({ changed }) => void told.push(changed));
      publish({ ONE: random(), TWO: random(), LIMIT: '3' });
      vi.advanceTimersByTime(29_999);
      expect(told).toEqual([]);
      vi.advanceTimersByTime(1);
      expect(told).toEqual([['ONE', 'TWO']]);
      secrets.close();
      publish({ ONE: random(), TWO: random(), LIMIT: '3' });
      vi.advanceTimersByTime(120_000);
      expect(told).toHaveLength(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it('must be good at first, with options that are some', () => {
    expect(() => watchSecrets(schema, { env: {} })).toThrow(/2 variables can't be used/);
    expect(() => watchSecrets({}, { every: '1ms' as never })).toThrow(/watchSecrets\.every/);
    expect(() => watchSecrets({}, { onRefused: 1 as never })).toThrow(/watchSecrets\.onRefused/);
    expect(() => watchSecrets({}, { each: 1 } as never)).toThrow(/watchSecrets\.each/);
  });
});
