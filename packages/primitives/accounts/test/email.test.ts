import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalEmail } from '../src/index.js';

describe('canonicalEmail', () => {
  it.each([
    ['alice@mail.example', 'alice@mail.example'],
    ['Alice.Jones+news@Mail.Example', 'alice.jones+news@mail.example'],
    ["o'neil_x=1@xn--bcher-kva.example", "o'neil_x=1@xn--bcher-kva.example"],
    ['Jose\u0301@mail.example', 'jos\u00e9@mail.example'],
    ['м.иванов@mail.example', 'м.иванов@mail.example'],
    ['root@localhost', 'root@localhost'],
    [`${'a'.repeat(64)}@mail.example`, `${'a'.repeat(64)}@mail.example`],
  ])('takes %s', (text, email) => {
    expect(canonicalEmail(text)).toBe(email);
  });

  it.each([
    ['a space before', ' alice@mail.example'],
    ['a line break after', 'alice@mail.example\n'],
    ['a header in it', 'alice@mail.example\r\nBcc: bob@mail.example'],
    ['no local part', '@mail.example'],
    ['no domain', 'alice@'],
    ['two signs', 'alice@bob@mail.example'],
    ['a list', 'alice@mail.example,bob@mail.example'],
    ['a display name', 'Alice <alice@mail.example>'],
    ['a comment', 'alice(x)@mail.example'],
    ['a quoted local part', '"alice"@mail.example'],
    ['two dots in a row', 'a..b@mail.example'],
    ['a dot at the end', 'alice@mail.example.'],
    ['an address literal', 'alice@[127.0.0.1]'],
    ['a domain that is not ASCII', 'alice@b\u00fccher.example'],
    ['a full-width letter', '\uff41lice@mail.example'],
    ['a Kelvin sign, which lower-cases to k', 'mar\u212a@mail.example'],
    ['a ligature', '\ufb01nn@mail.example'],
    ['a zero-width space', 'ali\u200bce@mail.example'],
    ['a control character', 'ali\u0000ce@mail.example'],
    ['a local part of 65', `${'a'.repeat(65)}@mail.example`],
    ['a local part of 66 bytes', `${'é'.repeat(33)}@mail.example`],
    ['255 characters', `a@${'b.'.repeat(126)}c`],
    ['a megabyte', `${'a@'.repeat(500_000)}x`],
    ['nothing', ''],
  ])('refuses %s', (_name, text) => {
    expect(canonicalEmail(text)).toBeUndefined();
  });

  it('is the same when done twice, and never longer than 254', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.emailAddress(),
          fc.string({ unit: 'binary' }).map((s) => `${s}@x.example`),
        ),
        (text) => {
          const once = canonicalEmail(text);
          if (once === undefined) return;
          expect(canonicalEmail(once)).toBe(once);
          expect(once.length).toBeLessThanOrEqual(254);
        },
      ),
    );
  });

  it('never makes an ASCII address out of one that was not', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }), (local) => {
        const email = canonicalEmail(`${local}@mail.example`);
        const isAscii = (text: string) => [...text].every((char) => char.charCodeAt(0) < 128);
        if (email !== undefined && isAscii(email)) expect(isAscii(local)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
