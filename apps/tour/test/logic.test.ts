import { createHmac, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Received } from '../src/client.js';
import { claimsOf, signedWithPublicKey, withClaims, withoutSignature } from '../src/forge.js';
import { judge } from '../src/guide.js';
import { openOutbox } from '../src/outbox.js';
import { createReport, type Line } from '../src/report.js';
import { readSettings } from '../src/settings.js';

describe('settings', () => {
  it('takes arguments before the environment, and the environment before what npm start uses', () => {
    const env = { API_URL: 'http://127.0.0.1:3001', MAIL_OUTBOX: 'mails' };
    expect(readSettings([], {})).toEqual({ url: 'http://127.0.0.1:3000', outbox: '.data/outbox' });
    expect(readSettings([], env)).toEqual({ url: 'http://127.0.0.1:3001', outbox: 'mails' });
    expect(readSettings(['--url', 'http://127.0.0.1:3002/', '--outbox=o'], env)).toEqual({
      url: 'http://127.0.0.1:3002',
      outbox: 'o',
    });
  });

  it.each([[['--ur', 'x']], [['--url', 'nowhere']], [['--url', 'file:///x']], [['extra']]])(
    'refuses %j with the usage',
    (args) => {
      expect(readSettings(args, {})).toMatchObject({
        problem: expect.stringContaining('usage: npm run tour'),
      });
    },
  );
});

describe('forged tokens', () => {
  const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const token = `${encode({ alg: 'EdDSA', kid: 'k', typ: 'at+jwt' })}.${encode({ sub: 'bob', sid: 's' })}.sig`;
  const headerOf = (jwt: string) => JSON.parse(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString());

  it('keep the claims and drop the signature', () => {
    const forged = withoutSignature(token);
    expect(headerOf(forged)).toEqual({ alg: 'none', kid: 'k', typ: 'at+jwt' });
    expect([claimsOf(forged), forged.endsWith('.')]).toEqual([{ sub: 'bob', sid: 's' }, true]);
  });

  it('are what a verifier accepts that takes the public key for a secret', () => {
    const jwk = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
    const [header, payload, signature] = signedWithPublicKey(token, jwk).split('.');
    const pem = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
    const expected = createHmac('sha256', pem).update(`${header}.${payload}`).digest('base64url');
    expect([headerOf(`${header}.`).alg, signature]).toEqual(['HS256', expected]);
  });

  it('have other claims under the old signature', () => {
    const forged = withClaims(token, { sub: 'ann' });
    expect([claimsOf(forged), forged.split('.')[2]]).toEqual([{ sub: 'ann', sid: 's' }, 'sig']);
  });
});

describe('the outbox', () => {
  it('finds the token of the newest mail to an address, and of no other', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tour-outbox-'));
    try {
      const mail = (name: string, to: string, token: string | null) =>
        writeFile(join(folder, name), JSON.stringify({ to, subject: 's', text: 't', token }));
      await mail('1.json', 'ann@tour.example', 'old');
      await mail('2.json', 'ann@tour.example', 'new');
      await mail('3.json', 'bob@tour.example', null);
      await writeFile(join(folder, '4.json'), '{ half');
      const outbox = openOutbox(folder, 1);
      expect(await outbox.tokenFor('ann@tour.example')).toBe('new');
      expect(await outbox.tokenFor('bob@tour.example')).toBeUndefined();
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('waits for a mail that is under way, and not for ever', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tour-outbox-'));
    try {
      const found = openOutbox(folder, 10_000).tokenFor('ann@tour.example');
      await writeFile(join(folder, '1.json'), JSON.stringify({ to: 'ann@tour.example', token: 'late' }));
      expect(await found).toBe('late');
      expect(await openOutbox(join(folder, 'nowhere'), 1).tokenFor('ann@tour.example')).toBeUndefined();
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('the judgement', () => {
  const received = (status: number, code?: string): Received => ({
    status,
    code,
    headers: new Headers(),
    text: '',
    json: undefined,
  });

  it('is content with what was due, and says what came back instead', () => {
    const due = { status: 401, code: 'INVALID_TOKEN' };
    expect(judge(received(401, 'INVALID_TOKEN'), due)).toBeUndefined();
    expect(judge(received(200), due)).toBe('401 INVALID_TOKEN was due, 200 came back');
    expect(judge(received(401, 'UNAUTHENTICATED'), due)).toContain('401 UNAUTHENTICATED came back');
    expect(judge(received(200), { status: 200, also: () => 'it leaks' })).toBe('it leaks');
  });
});

const esc = '\x1b';

describe('the report', () => {
  const line: Line = {
    kind: 'attack',
    what: 'w',
    sent: 'GET /',
    back: '401',
    note: 'guard',
    problem: undefined,
  };
  function print(colour: boolean, columns: number, lines: readonly Line[]): string[] {
    const out: string[] = [];
    const report = createReport({ write: (text) => out.push(text), colour, columns });
    for (const entry of lines) report.line(entry);
    report.closing(lines, 1, 1_000);
    return out;
  }

  it('has colours where they are wanted and nowhere else', () => {
    expect(print(true, 200, [line]).join('')).toContain('\x1b[');
    expect(print(false, 200, [line]).join('')).not.toContain('\x1b');
  });

  it('aligns its columns with and without colour, and takes two lines where they do not fit', () => {
    const plain = (text = '') => text.replaceAll(new RegExp(`${esc}\\[\\d+m`, 'g'), '');
    const lines = [line, { ...line, what: 'somewhat longer', back: '422 VALIDATION_FAILED' }];
    for (const colour of [true, false]) {
      const [first, second] = print(colour, 200, lines).map(plain);
      expect(first?.indexOf('guard')).toBe(second?.indexOf('guard'));
    }
    const narrow = print(false, 80, lines).slice(0, 4);
    expect(narrow.map((text) => text.length <= 80)).toEqual([true, true, true, true]);
  });

  it('names each guard that gave way at the end', () => {
    const broken = { ...line, what: 'no token', problem: '401 was due, 200 came back' };
    const text = print(false, 200, [line, broken]).join('\n');
    expect(text).toContain('attacks that came to nothing     1 of 2');
    expect(text).toContain('A guard gave way: no token: 401 was due, 200 came back');
  });
});
