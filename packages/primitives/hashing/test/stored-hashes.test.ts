import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nativeEngine } from '../src/engines/native.js';
import { isAffordable, readHash } from '../src/formats/stored-hash.js';
import { countingEngine, engines, hasherOn } from './both-engines.js';
import { argon2d, type Vector, vectors } from './vectors.js';

const wrong = { ok: false, needsRehash: false };
const outdated = { ok: true, needsRehash: true };
const dummyWork = ['argon2 m=7168 t=5'];
const cheapDummy = { memory: 7_168, iterations: 5 };

describe.each(engines)('with the %s engine', (name, engine) => {
  const hasher = hasherOn(engine);
  // 64 MiB take JavaScript a second or more: two of those are enough there.
  const own = vectors.filter(({ from }) => name === 'native' || !/another|argon2i$|0x10$/.test(from));

  it.each(own.map((vector) => [vector.from, vector.hash.slice(0, 24), vector] as const))(
    'verifies a hash of %s (%s) and asks for a new one',
    async (_from, _start, { password, hash }: Vector) => {
      expect(await hasher.verify(password, hash)).toEqual(outdated);
    },
  );

  it.each(['argon2i', 'bcrypt', 'scrypt', 'pbkdf2'])('refuses a wrong password for %s', async (scheme) => {
    const vector = vectors.find(({ hash }) => readHash(hash)?.scheme === scheme);
    expect(await hasher.verify(`${vector?.password}!`, vector?.hash)).toEqual(wrong);
  });

  it('verifies Argon2d only where it is named', async () => {
    expect(await hasher.verify(argon2d.password, argon2d.hash)).toEqual(wrong);
    const willing = hasherOn(engine, { accept: ['argon2d'] });
    expect(await willing.verify(argon2d.password, argon2d.hash)).toEqual(outdated);
  });

  it('upgrades: the new hash has the pepper, the right password and no need of another', async () => {
    const key = new Uint8Array(32).fill(7);
    const peppered = hasherOn(engine, { pepper: [{ id: 'k1', key }] });
    const old = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';
    expect(await peppered.verify('U*U', old)).toEqual(outdated);
    const hash = await peppered.hash('U*U');
    expect(hash).toMatch(/^\{k1\}\$argon2id\$v=19\$/);
    expect(await peppered.verify('U*U', hash)).toEqual({ ok: true, needsRehash: false });
    expect(await hasherOn(engine, { pepper: [{ id: 'k1', key: key.fill(8) }] }).verify('U*U', hash)).toEqual(
      wrong,
    );
  });
});

describe('a bcrypt hash', () => {
  const hash = '$2b$04$CCCCCCCCCCCCCCCCCCCCC.ug0A3dTXhy5U.dFjx/qguZ8I4CB77BC'; // of 72 times x

  it.each(engines)('never verifies a longer password by its first 72 bytes (%s)', async (_name, engine) => {
    const counting = countingEngine(engine);
    const hasher = hasherOn(counting, cheapDummy);
    expect(await hasher.verify('x'.repeat(72), hash)).toEqual(outdated);
    for (const password of [`${'x'.repeat(72)}y`, 'x'.repeat(73), `${'x'.repeat(71)}\u00e8`]) {
      counting.calls.length = 0;
      expect(await hasher.verify(password, hash)).toEqual(wrong);
      expect(counting.calls).toEqual(dummyWork);
    }
  });

  it.each(engines)('never verifies a password by what stands before a NUL (%s)', async (_name, engine) => {
    const counting = countingEngine(engine);
    const hasher = hasherOn(counting, cheapDummy);
    const ofU = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';
    expect(await hasher.verify('U*U', ofU)).toEqual(outdated);
    counting.calls.length = 0;
    for (const password of ['U*U\0', 'U*U\0anything', '\0']) {
      expect(await hasher.verify(password, ofU)).toEqual(wrong);
    }
    expect(counting.calls).toEqual([...dummyWork, ...dummyWork, ...dummyWork]);
  });
});

it('verifies a password that was hashed as it was typed, in either normal form, where the hash is foreign', async () => {
  const hasher = hasherOn(nativeEngine);
  const decomposed = '$pbkdf2-sha256$1000$Tk9wMlkxdkdBa1ozcFF4Ug$HvMStuNTakFk5up/5noo9/Ceyvljka7EJK4HnMp1JDI';
  expect(await hasher.verify('Cafe\u0301 au lait, bitte', decomposed)).toEqual(outdated);
  expect(await hasher.verify('Cafe au lait, bitte', decomposed)).toEqual(wrong);
  const composed = 'pbkdf2_sha256$260000$seasalt$YlZ2Vggtqdc61YjArZuoApoBh9JNGYoDRBUGu6tcJQo=';
  expect(await hasher.verify('le\u0300tmein', composed)).toEqual(outdated);
});

describe('a migration', () => {
  it('ends where the operator says so: what is not accepted is refused at the cost of a dummy', async () => {
    const counting = countingEngine(nativeEngine);
    const hasher = hasherOn(counting, { ...cheapDummy, accept: [] });
    for (const { password, hash } of vectors.filter((vector) => !vector.hash.startsWith('$argon2id$'))) {
      counting.calls.length = 0;
      expect(await hasher.verify(password, hash), hash).toEqual(wrong);
      expect(counting.calls).toEqual(dummyWork);
    }
    const own = vectors.find(({ hash }) => hash.startsWith('$argon2id$v=19$m=256,'));
    expect(await hasher.verify('password', own?.hash)).toEqual(outdated);
  });

  it.each([
    ['hasher.accept', { accept: 'bcrypt' }],
    ['hasher.accept[1]', { accept: ['bcrypt', 'md5'] }],
    ['hasher.maxVerifyMemory', { maxVerifyMemory: 1_024 }],
    ['hasher.maxVerifyMemory', { maxVerifyMemory: 2_097_152 }],
  ])('is not configured by mistake: %s', (option, options) => {
    // Wrong on purpose, as from JavaScript.
    expect(() => hasherOn(nativeEngine, options as object)).toThrow(expect.objectContaining({ option }));
  });
});

it('has one spelling for each hash: a character changed, added, doubled or left out makes another or none', () => {
  const change = fc.record({
    vector: fc.constantFrom(...vectors, argon2d),
    at: fc.nat(200),
    char: fc.constantFrom(...'$,=.+/_-{}0123456789aAzZ\n\0 é'),
    kind: fc.constantFrom('replace', 'insert', 'remove', 'double'),
  });
  fc.assert(
    fc.property(change, ({ vector: { hash }, at, char, kind }) => {
      const place = at % (hash.length + 1);
      const rest = hash.slice(place + (kind === 'insert' ? 0 : 1));
      const put = kind === 'remove' ? '' : kind === 'double' ? hash.charAt(place).repeat(2) : char;
      const changed = hash.slice(0, place) + put + rest;
      fc.pre(changed !== hash);
      const parsed = readHash(changed);
      if (parsed) expect(parsed).not.toEqual(readHash(hash));
    }),
    { numRuns: 5_000 },
  );
});

it('reads any text without failing, and holds nothing affordable that would cost more than the limit', () => {
  const part = fc.constantFrom(
    '$',
    ',',
    '=',
    'argon2id',
    'v=19',
    'm=',
    't=',
    'p=',
    'scrypt',
    'ln=',
    '9',
    '99999',
    'AAAAAAAAAAAAAAAAAAAAAA',
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
      const parsed = readHash(parts.join(''));
      if (parsed?.scheme === 'argon2id' && isAffordable(parsed, { memory: 262_144 })) {
        expect(parsed.input.memory * parsed.input.iterations).toBeLessThanOrEqual(1_048_576);
      }
    }),
    { numRuns: 2_000 },
  );
});
