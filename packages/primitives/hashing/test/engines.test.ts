import { describe, expect, it } from 'vitest';
import type { Engine } from '../src/engine.js';
import { nativeEngine } from '../src/engines/native.js';
import { portableEngine } from '../src/engines/portable.js';
import { hasherOn } from './both-engines.js';

const password = 'seven unlikely pelicans';
const pepper = [{ id: 'k1', key: new Uint8Array(32).fill(1) }];
const pairs: [string, Engine, Engine][] = [
  ['native and verified by the portable engine', nativeEngine, portableEngine],
  ['portable and verified by the native engine', portableEngine, nativeEngine],
];

describe.each(pairs)('a hash that is made %s', (_name, maker, verifier) => {
  it.each([
    ['without a pepper', {}],
    ['with a pepper', { pepper }],
    ['with other parameters', { pepper, memory: 8_192, iterations: 5, parallelism: 2 }],
  ])('is the same there, %s', async (_what, options) => {
    const hash = await hasherOn(maker, options).hash(password);
    const other = hasherOn(verifier, options);
    expect(await other.verify(password, hash)).toEqual({ ok: true, needsRehash: false });
    expect(await other.verify(`${password}!`, hash)).toEqual({ ok: false, needsRehash: false });
  });

  it('asks for the pepper there that it was made with', async () => {
    const hash = await hasherOn(maker, { pepper }).hash(password);
    const other = hasherOn(verifier, { pepper: [{ id: 'k1', key: new Uint8Array(32).fill(2) }] });
    expect((await other.verify(password, hash)).ok).toBe(false);
    await expect(hasherOn(verifier).verify(password, hash)).rejects.toMatchObject({
      code: 'HASHING_PEPPER_UNKNOWN',
    });
  });

  it('is the same for a text of any script', async () => {
    const text = 'пароль \u{1F98A} Cafe\u0301 \0 x';
    const hash = await hasherOn(maker, { pepper }).hash(text);
    expect((await hasherOn(verifier, { pepper }).verify(text.normalize('NFC'), hash)).ok).toBe(true);
  });
});

describe.each([
  ['native', nativeEngine],
  ['portable', portableEngine],
])('the %s engine', (_name, engine) => {
  it('that fails rejects with a code, and the next password is served', async () => {
    let broken = true;
    const faulty: Engine = {
      ...engine,
      argon2: (bytes, input, signal) =>
        broken ? Promise.reject(new RangeError('out of memory')) : engine.argon2(bytes, input, signal),
    };
    const hasher = hasherOn(faulty, { concurrency: 1, queue: 0 });
    const error = await hasher.hash(password).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'HASHING_FAILED', cause: expect.any(RangeError) });
    expect(String(error)).not.toContain(password);
    await expect(hasher.verify(password, undefined)).rejects.toMatchObject({ code: 'HASHING_FAILED' });
    broken = false;
    expect((await hasher.verify(password, await hasher.hash(password))).ok).toBe(true);
  });

  it('stops waiting at once when the caller gives up, and runs what comes after', async () => {
    const hasher = hasherOn(engine, { concurrency: 1, queue: 4 });
    const controller = new AbortController();
    const { signal } = controller;
    const given = [hasher.hash(password, { signal }), hasher.verify(password, undefined, { signal })];
    const kept = hasher.hash(password);
    controller.abort();
    for (const promise of given) await expect(promise).rejects.toMatchObject({ code: 'HASHING_ABORTED' });
    await expect(hasher.hash(password, { signal })).rejects.toMatchObject({ code: 'HASHING_ABORTED' });
    expect((await hasher.verify(password, await kept)).ok).toBe(true);
  });

  it('leaves nothing on a signal that many calls share', async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners++;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners--;
      remove(...args);
    };
    const hasher = hasherOn(engine, { memory: 7_168, iterations: 5 });
    const hash = await hasher.hash(password, { signal });
    expect((await hasher.verify(password, hash, { signal })).ok).toBe(true);
    expect(
      (await hasher.verify('U*U', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW', { signal }))
        .ok,
    ).toBe(true);
    expect(listeners).toBe(0);
  });
});

it('ends Argon2 and scrypt while they run, where the engine can', async () => {
  const controller = new AbortController();
  const salt = new Uint8Array(16);
  const reason = new Error('enough');
  const argon2 = portableEngine.argon2(
    new Uint8Array(8),
    { variant: 'argon2id', version: 19, memory: 65_536, iterations: 60, parallelism: 1, salt, length: 32 },
    controller.signal,
  );
  const scrypt = portableEngine.scrypt(
    new Uint8Array(8),
    { cost: 2 ** 17, blockSize: 8, parallelism: 16, salt, length: 32 },
    controller.signal,
  );
  controller.abort(reason); // a minute and more of work that is never done
  await expect(argon2).rejects.toBe(reason);
  await expect(scrypt).rejects.toBe(reason);
});
