import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FormFiles, fileField, fileListField, formFiles, openForm } from '../src/index.js';
import { outcome, png, read, type Sent, write } from './form-support.js';

const one = formFiles(
  { picture: fileField({ types: ['image/png'], maxBytes: 2_000 }) },
  { maxFieldBytes: 100, maxBytes: 4_000 },
);
const picture: Sent = { name: 'picture', file: 'a.png', type: 'image/png', bytes: png };
const title: Sent = { name: 'title', bytes: 'Größe' };
const disposition = 'Content-Disposition: form-data; name="title"';

/** All that a reader gives for a body that comes in these pieces, each of them in the same place as the one before. */
function cut(form: FormFiles, body: Uint8Array, at: readonly number[], boundary = 'b'): string {
  const reader = openForm(form, `multipart/form-data; boundary=${boundary}`);
  const place = Buffer.alloc(body.length);
  let from = 0;
  for (const to of [...at, body.length]) {
    const piece = place.subarray(0, to - from);
    piece.set(body.subarray(from, to));
    from = to;
    const more = reader?.write(piece);
    piece.fill('#');
    if (!more) break;
  }
  const result = reader?.end();
  return JSON.stringify(result, (_key, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
  );
}

const honest = write([title, picture, { name: 'empty' }]);
const bodies: readonly Buffer[] = [
  honest,
  honest.subarray(0, -2),
  honest.subarray(0, -4),
  Buffer.concat([honest, Buffer.from('\r\n')]),
  write([title, { ...picture, bytes: Buffer.concat([png, Buffer.from('\r\n--\r\n-\r\r\n--c\r\n\r\n--')]) }]),
  write([title, { ...picture, bytes: Buffer.concat([png, Buffer.from('\r\n--bb')]) }]),
  write([{ ...picture, bytes: Buffer.concat([png, Buffer.alloc(2_000)]) }, title]),
  write([{ name: 'title', bytes: 'x'.repeat(101) }]),
  write([picture, { name: 'a', bytes: Buffer.from([0xc3]) }]),
  write([picture, { ...picture, name: 'other' }]),
  // too large as a whole, and wrong long before that: it is what comes first that counts
  Buffer.concat([Buffer.from(`--b\r\n${disposition}\r\n\r\n1\r\n--b!`), Buffer.alloc(5_000, 'x')]),
  Buffer.from(`--b\r\n${disposition}\r\nContent-Type: ${'x'.repeat(1_950)}\r\n\r\n1\r\n--b--`),
  Buffer.from(`--b\r\n${disposition}\r\nContent-Type: text/plain;${' '.repeat(2_050)}\r\n\r\n1\r\n--b--`),
  Buffer.from('--b--'),
];

describe('a form that is cut anywhere', () => {
  it('is the same form, although the place of each piece is used again', () => {
    for (const body of bodies) {
      const whole = cut(one, body, []);
      const places = Array.from({ length: body.length - 1 }, (_, i) => i + 1);
      const some = places.filter((at) => body.length < 800 || at % 11 === 0);
      expect(some.filter((at) => cut(one, body, [at]) !== whole)).toEqual([]);
      expect(cut(one, body, places)).toBe(whole);
    }
    expect(cut(one, honest, [])).toContain('"fields":{"title":"Größe","empty":""}');
  });

  it('is the same form in any pieces, whatever it is made of', () => {
    const piece = fc.constantFrom(
      '--b',
      '--b\r\n',
      '\r\n--b--',
      '\r\n',
      '\r',
      '\n',
      '-',
      `${disposition}\r\n\r\n`,
      'Content-Disposition: form-data; name="picture"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n',
      `--b\r\n${disposition}\r\n\r\nx\r\n`,
      png.toString('latin1'),
      'x',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 16 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }),
        (pieces, places) => {
          const body = Buffer.from(`--b\r\n${pieces.join('')}`, 'latin1');
          const at = places.map((place) => Math.floor(place * body.length)).sort((a, b) => a - b);
          expect(cut(one, body, at)).toBe(cut(one, body, []));
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe('what another reader would understand otherwise', () => {
  const head = (line: string) => `--b\r\n${line}\r\n\r\n1\r\n--b--\r\n`;
  it.each([
    ['lines that end in CR alone', head(disposition).replaceAll('\r\n', '\r')],
    ['one line that ends in LF alone', head(disposition).replace('title"\r\n', 'title"\n')],
    ['one line that ends in CR alone', head(disposition).replace('title"\r\n', 'title"\r')],
    ['a line break of another script', head(`${disposition}\u2028Content-Type: text/html`)],
    ['a boundary in another case', head(disposition).replace('--b--', '--B--')],
    ['a boundary with one dash', head(disposition).replace('--b--', '-b--')],
    ['an end with one dash', head(disposition).replace('--b--', '--b-')],
    ['a tab after a boundary', head(disposition).replace('--b\r\n', '--b\t\r\n')],
    ['a NUL after a boundary', head(disposition).replace('--b\r\n', '--b\0\r\n')],
    ['a header folded by a tab', head('Content-Disposition: form-data;\r\n\tname="title"')],
    ['a parameter in single quotes', head("Content-Disposition: form-data; name='title'")],
    ['an extended name', head("Content-Disposition: form-data; name*=UTF-8''title")],
    ['a name in pieces', head('Content-Disposition: form-data; name*0="ti"; name*1="tle"')],
    ['another parameter', head(`${disposition}; size=1`)],
    ['a semicolon at the end', head(`${disposition};`)],
    ['the name behind the file name', head('Content-Disposition: form-data; filename="a"; name="title"')],
    ['a backslash in a name', head('Content-Disposition: form-data; name="ti\\tle"')],
    ['an encoded word', head(`${disposition}\r\nContent-Description: =?utf-8?q?a?=`)],
    ['a hundred headers', head(disposition + '\r\nX-A: 1'.repeat(100))],
    ['a type twice', head(`${disposition}\r\nContent-Type: text/plain\r\ncontent-type: text/html`)],
    ['UTF-16', Buffer.from(head(disposition), 'utf16le').toString('latin1')],
  ])('is no form: %s', (_what, body) => {
    for (const step of [1, 7, 10_000]) expect(outcome(one, Buffer.from(body), step)).toBe('FORM_SYNTAX');
    expect(outcome(one, Buffer.from(head(disposition)))).toBe('/picture missing'); // read, and judged
  });

  it('has one name for one thing: no text is where a file belongs', () => {
    expect(outcome(one, write([picture, { name: 'picture', bytes: 'text' }]))).toBe('/picture type');
    expect(outcome(one, write([{ name: 'picture', bytes: 'text' }, picture]))).toBe('/picture type');
    expect(outcome(one, write([picture, { name: 'picture2', bytes: 'text' }]))).toBe('ok');
  });

  it('says no charset but UTF-8', () => {
    for (const charset of ['iso-8859-1', 'utf-7', 'UTF-16', 'utf8'])
      expect(outcome(one, write([picture, { name: '_charset_', bytes: charset }]))).toBe('FORM_ENCODING');
    expect(outcome(one, write([picture, { name: '_charset_', bytes: 'UTF-8' }]))).toBe('ok');
  });

  it('holds no form in a form', () => {
    const inner = `--c\r\n${disposition}\r\n\r\n1\r\n--c--\r\n`;
    const nested: Sent = { name: 'title', type: 'multipart/mixed; boundary=c', bytes: inner };
    expect(outcome(one, write([picture, nested]))).toBe('/title type');
    expect(outcome(one, write([{ ...picture, type: 'multipart/mixed; boundary=c', bytes: inner }]))).toBe(
      '/picture type',
    );
    const text = read(one, write([picture, { name: 'title', bytes: inner }]));
    expect(text.ok && text.fields).toEqual({ title: inner });
  });

  it('is one type only, as far as the beginning tells', () => {
    const polyglot = (bytes: string) =>
      outcome(one, write([{ ...picture, bytes: Buffer.from(bytes, 'latin1') }]));
    const start = png.toString('latin1');
    for (const bytes of ['GIF89a/*', '%PDF-1.7', 'PK\x03\x04', '<!--', 'BM', '\xff\xd8\xff'])
      expect([bytes, polyglot(bytes + start)]).toEqual([bytes, '/picture type']);
    expect(polyglot(`${start}PK\x03\x04<script>`)).toBe('ok'); // a picture with something behind it: who shows it writes it anew
  });
});

describe('what is sent to take time', () => {
  const bestOf = (work: () => void): number => {
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 5 && best > 50; i++) {
      const start = performance.now();
      work();
      best = Math.min(best, performance.now() - start);
    }
    return best;
  };

  it('ends at the first part too many, empty or not', () => {
    const empty = Buffer.from(
      '--b\r\nContent-Disposition: form-data; name="f"; filename=""\r\nContent-Type: application/octet-stream\r\n\r\n\r\n',
    );
    const form = formFiles({ f: fileListField({ types: ['image/png'], max: 3 }) });
    const reader = openForm(form, 'multipart/form-data; boundary=b');
    let taken = 0;
    while (taken < 10_000 && reader?.write(empty)) taken++;
    expect(taken).toBe(3);
    expect(reader?.end()).toMatchObject({ ok: false, issues: [{ path: '/f', code: 'max_length' }] });
    expect(outcome(form, Buffer.concat([empty, empty, empty, Buffer.from('--b--')]))).toBe('ok');
  });

  it('reads content that is nearly all boundary, and heads that come byte by byte', () => {
    const boundary = 'b'.repeat(70);
    const form = formFiles({ picture: fileField({ types: ['image/png'], maxBytes: '2mb' }) });
    const near = `\r\n--${boundary.slice(1)}a`;
    const bytes = Buffer.concat([png, Buffer.from(near.repeat(1_000_000 / near.length))]);
    const body = write([{ ...picture, bytes }], boundary);
    expect(bestOf(() => expect(read(form, body, 4_096, boundary).ok).toBe(true))).toBeLessThan(500);
    const heads = Array.from({ length: 20 }, (_, i): Sent => {
      const type = `text/plain;a="${'\\"'.repeat(60)}"`;
      return { name: `${'n'.repeat(120)}${i}`, type };
    });
    const padded = write([...heads, picture]);
    expect(bestOf(() => expect(outcome(form, padded, 1)).toBe('ok'))).toBeLessThan(500);
    const endless = Buffer.concat([
      Buffer.from('--b\r\n'),
      Buffer.from('\r\n\r'.repeat(700)),
      Buffer.alloc(100_000, 'x'),
    ]);
    expect(bestOf(() => expect(outcome(form, endless, 1)).toBe('FORM_SYNTAX'))).toBeLessThan(500);
  });
});
