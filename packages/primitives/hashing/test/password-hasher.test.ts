import { verify as argon2Verify } from '@node-rs/argon2';
import { ConfigError } from '@secapi/kernel';
import { describe, expect, it } from 'vitest';
import { createPasswordHasher, type PasswordHasherOptions } from '../src/index.js';

const password = 'seven unlikely pelicans';
const key = (byte: number) => new Uint8Array(32).fill(byte);

describe('a password hasher', () => {
  it('makes Argon2id hashes with 19 MiB, two passes and one lane, each with a salt of its own', async () => {
    const hasher = createPasswordHasher();
    const [one, two] = await Promise.all([hasher.hash(password), hasher.hash(password)]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(one).not.toBe(two);
    expect(await hasher.verify(password, one)).toEqual({ ok: true, needsRehash: false });
    expect(await hasher.verify(`${password}!`, one)).toEqual({ ok: false, needsRehash: false });
  });

  it('makes hashes that any Argon2 library verifies', async () => {
    expect(await argon2Verify(await createPasswordHasher().hash(password), password)).toBe(true);
  });

  it('tells apart passwords that differ only after byte 72', async () => {
    const hasher = createPasswordHasher();
    const long = 'x'.repeat(72);
    const hash = await hasher.hash(`${long}a`);
    expect((await hasher.verify(`${long}b`, hash)).ok).toBe(false);
    expect((await hasher.verify(long, hash)).ok).toBe(false);
    expect((await hasher.verify(`${long}a`, hash)).ok).toBe(true);
  });

  it('takes a password typed on another keyboard as the same (NFC), but not in another case or with spaces off', async () => {
    const hasher = createPasswordHasher();
    const hash = await hasher.hash('Caf\u00e9 au lait, bitte');
    expect((await hasher.verify('Cafe\u0301 au lait, bitte', hash)).ok).toBe(true);
    expect((await hasher.verify('caf\u00e9 au lait, bitte', hash)).ok).toBe(false);
    expect((await hasher.verify('Caf\u00e9 au lait, bitte ', hash)).ok).toBe(false);
  });

  it('asks for a rehash when parameters changed, and only if the password was right', async () => {
    const old = await createPasswordHasher({ memory: 12_288, iterations: 3 }).hash(password);
    const hasher = createPasswordHasher();
    expect(await hasher.verify(password, old)).toEqual({ ok: true, needsRehash: true });
    expect(await hasher.verify('something else entirely', old)).toEqual({ ok: false, needsRehash: false });
  });

  it('does the same work without a hash, or with one that it cannot read', async () => {
    const hasher = createPasswordHasher({ memory: 65_536, iterations: 3 });
    const hash = await hasher.hash(password);
    const time = async (stored: string | undefined, attempt = 'not the password at all') => {
      const times: number[] = [];
      for (let i = 0; i < 5; i++) {
        const start = performance.now();
        expect(await hasher.verify(attempt, stored)).toEqual({ ok: false, needsRehash: false });
        times.push(performance.now() - start);
      }
      return Math.min(...times);
    };
    const real = await time(hash);
    const noWork = real / 4;
    for (const stored of [
      undefined,
      '',
      'plain text',
      '$argon2id$v=19$m=8,t=1,p=1$AAAA',
      '$2b$10$abc',
      '{k1}',
    ]) {
      expect(await time(stored), String(stored)).toBeGreaterThan(noWork);
    }
    expect(await time(hash, 'x'.repeat(5_000))).toBeGreaterThan(noWork);
    expect(await time(hash, 'half a pair: \ud800')).toBeGreaterThan(noWork);
  });

  it('does not take the zero digest of the dummy for a match, whatever the password', async () => {
    const hasher = createPasswordHasher();
    for (const attempt of ['', '\0', password])
      expect((await hasher.verify(attempt, undefined)).ok).toBe(false);
  });

  it.each([
    [
      'one that wants 4 TiB',
      '$argon2id$v=19$m=4294967295,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA',
    ],
    ['one of another variant', '$argon2d$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA'],
    ['one with a digest of 4 bytes', '$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAA'],
  ])('refuses a planted hash: %s', async (_name, hash) => {
    expect(await createPasswordHasher().verify(password, hash)).toEqual({ ok: false, needsRehash: false });
  });

  it('refuses to hash what is not text or has no end', async () => {
    const hasher = createPasswordHasher();
    const code = { code: 'HASHING_PASSWORD_UNUSABLE' };
    await expect(hasher.hash('x'.repeat(4_097))).rejects.toMatchObject(code);
    await expect(hasher.hash('half a pair: \ud800, long enough')).rejects.toMatchObject(code);
    await expect(hasher.hash('\u{1F600}'.repeat(128))).resolves.toMatch(/^\$argon2id/);
  });
});

describe('a pepper', () => {
  it('is named before the hash, and without its key the password is no longer right', async () => {
    const peppered = createPasswordHasher({ pepper: [{ id: 'k1', key: key(1) }] });
    const hash = await peppered.hash(password);
    expect(hash).toMatch(/^\{k1\}\$argon2id\$/);
    expect(await peppered.verify(password, hash)).toEqual({ ok: true, needsRehash: false });
    const other = createPasswordHasher({ pepper: [{ id: 'k1', key: key(2) }] });
    expect((await other.verify(password, hash)).ok).toBe(false);
    expect(await argon2Verify(hash.slice(4), password)).toBe(false);
  });

  it('rotates: hashes of the old one, or of none, still verify and ask for a rehash', async () => {
    const plain = await createPasswordHasher().hash(password);
    const old = await createPasswordHasher({ pepper: [{ id: 'k1', key: key(1) }] }).hash(password);
    const hasher = createPasswordHasher({
      pepper: [
        { id: 'k2', key: key(2) },
        { id: 'k1', key: key(1) },
      ],
    });
    for (const hash of [plain, old]) {
      expect(await hasher.verify(password, hash)).toEqual({ ok: true, needsRehash: true });
    }
    expect(await hasher.hash(password)).toMatch(/^\{k2\}/);
  });

  it('that is missing is told to the operator, not taken for a wrong password', async () => {
    const hash = await createPasswordHasher({ pepper: [{ id: 'k1', key: key(1) }] }).hash(password);
    const error = await createPasswordHasher()
      .verify(password, hash)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'HASHING_PEPPER_UNKNOWN' });
    expect(String(error)).not.toContain(password);
  });
});

describe('admission', () => {
  it('refuses what neither runs nor fits in the queue, and serves the rest', async () => {
    const hasher = createPasswordHasher({ concurrency: 1, queue: 2 });
    const results = await Promise.allSettled(
      Array.from({ length: 6 }, () => hasher.verify(password, undefined)),
    );
    expect(results.map((result) => result.status)).toEqual([
      ...Array(3).fill('fulfilled'),
      ...Array(3).fill('rejected'),
    ]);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'HASHING_BUSY' });
    }
    expect((await hasher.verify(password, undefined)).ok).toBe(false);
  });

  it('gives its place back after a failure', async () => {
    const hash = await createPasswordHasher({ pepper: [{ id: 'k1', key: key(1) }] }).hash(password);
    const hasher = createPasswordHasher({ concurrency: 1, queue: 0 });
    for (let i = 0; i < 3; i++) {
      await expect(hasher.verify(password, hash)).rejects.toMatchObject({ code: 'HASHING_PEPPER_UNKNOWN' });
    }
    await expect(hasher.hash(password)).resolves.toMatch(/^\$argon2id/);
  });
});

it.each<[string, object]>([
  ['hasher.memroy', { memroy: 19_456 }],
  ['hasher.memory', { memory: 4_096 }],
  ['hasher.memory', { memory: Number.NaN }],
  ['hasher.iterations', { iterations: 1 }],
  ['hasher.parallelism', { parallelism: 0 }],
  ['hasher.concurrency', { concurrency: Number.POSITIVE_INFINITY }],
  ['hasher.queue', { queue: -1 }],
  ['hasher.pepper', { pepper: { id: 'k1', key: key(1) } }],
  ['hasher.pepper[0].key', { pepper: [{ id: 'k1', key: new Uint8Array(8) }] }],
  ['hasher.pepper[0].id', { pepper: [{ id: 'k}1', key: key(1) }] }],
  [
    'hasher.pepper[1].id',
    {
      pepper: [
        { id: 'k1', key: key(1) },
        { id: 'k1', key: key(2) },
      ],
    },
  ],
])('refuses to be built with a wrong %s', (option, options) => {
  expect(() => createPasswordHasher(options as PasswordHasherOptions)).toThrow(ConfigError);
  expect(() => createPasswordHasher(options as PasswordHasherOptions)).toThrow(
    expect.objectContaining({ option }),
  );
});
