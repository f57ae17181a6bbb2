import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  type FormFiles,
  fileField,
  fileListField,
  formFiles,
  openForm,
  optionalFileField,
  type UploadedFile,
} from '../src/index.js';
import { outcome, pictureOf, png, read, type Sent, write } from './form-support.js';

const samples = {
  'image/png': ['a.png', png],
  'image/jpeg': ['a.JPG', Buffer.from('ffd8ffe000104a46494600', 'hex')],
  'image/gif': ['a.gif', Buffer.from('GIF89a\x01\0', 'latin1')],
  'image/webp': ['a.webp', Buffer.from('RIFF\x1a\0\0\0WEBPVP8L', 'latin1')],
  'application/pdf': ['a.pdf', Buffer.from('%PDF-1.7\n')],
  'application/zip': ['a.zip', Buffer.from('PK\x03\x04\x14\0', 'latin1')],
} as const;

const one = formFiles({ picture: fileField({ types: ['image/png', 'image/jpeg'] }) });
const picture: Sent = { name: 'picture', file: 'a.png', type: 'image/png', bytes: png };
const title: Sent = { name: 'title', bytes: 'Größe' };

describe('a form', () => {
  it('gives its texts and its files, however it is cut into chunks', () => {
    const body = write([title, picture, { name: 'empty' }]);
    for (const step of [1, 2, 3, 7, 64, body.length]) {
      const result = read(one, body, step);
      expect(result).toMatchObject({ ok: true, fields: { title: 'Größe', empty: '' } });
      const file = pictureOf(result);
      expect([file.name, file.type, Buffer.compare(file.bytes, png)]).toEqual(['a.png', 'image/png', 0]);
    }
    expect(outcome(one, body.subarray(0, -2))).toBe('ok'); // the last line break may be left out
  });

  it('reads what browsers and fetch write', async () => {
    const data = new FormData();
    data.append('title', 'a\r\nb"c');
    data.append('picture', new File([png], 'ümläut "q".png', { type: 'image/png' }));
    const request = new Request('http://localhost/', { method: 'POST', body: data });
    const type = request.headers.get('content-type') ?? '';
    const reader = openForm(one, type);
    reader?.write(new Uint8Array(await request.arrayBuffer()));
    expect(reader?.end()).toMatchObject({
      ok: true,
      fields: { title: 'a\r\nb"c' },
      files: { picture: { name: 'ümläut__22q_22.png', type: 'image/png' } },
    });
  });

  it('takes any bytes in a file, those of boundaries apart', () => {
    const form = formFiles({ picture: fileField({ types: ['image/png'] }) });
    const near = fc.constantFrom('\r\n--', '\r\n--c', '\r', '\n', '--b', '\r\n-', '\r\n\r\n', '\0', 'x');
    fc.assert(
      fc.property(fc.array(near, { maxLength: 30 }), fc.integer({ min: 1, max: 40 }), (parts, step) => {
        const text = parts.join('');
        fc.pre(!`${text}\r\n`.includes('\r\n--b'));
        const bytes = Buffer.concat([png, Buffer.from(text, 'latin1')]);
        const result = read(form, write([{ ...picture, bytes }]), step);
        const file = pictureOf(result);
        expect(Buffer.compare(file.bytes, bytes)).toBe(0);
      }),
    );
  });

  it.each(Object.entries(samples))(
    'tells %s by its content, and takes it for nothing else',
    (type, [file, bytes]) => {
      const only = (name: string) => formFiles({ f: fileField({ types: [name as 'image/png'] }) });
      const sent = { name: 'f', file, type, bytes };
      expect(outcome(only(type), write([sent]))).toBe('ok');
      for (const other of Object.keys(samples)) {
        if (other === type) continue;
        expect([other, outcome(only(other), write([sent]))]).toEqual([other, '/f type']);
        expect([other, outcome(only(other), write([{ ...sent, type: other }]))]).toEqual([other, '/f type']);
      }
      expect(outcome(only(type), write([{ ...sent, type: 'application/octet-stream' }]))).toBe('/f type');
      expect(outcome(only(type), write([{ name: 'f', file, bytes }]))).toBe('/f type');
      for (const name of ['a.php', 'a.html', 'a', `${file}.svg`, '.htaccess'])
        expect([name, outcome(only(type), write([{ ...sent, file: name }]))]).toEqual([name, '/f format']);
      for (const text of ['', '<svg onload=alert(1)>', 'MZ\x90', ` ${bytes.toString('latin1')}`])
        expect([text, outcome(only(type), write([{ ...sent, bytes: Buffer.from(text, 'latin1') }]))]).toEqual(
          [text, '/f type'],
        );
    },
  );

  it('refuses files that nobody asked for, too many, too few', () => {
    const some = formFiles({
      f: fileListField({ types: ['image/png'], min: 1, max: 2 }),
      o: optionalFileField({ types: ['image/png'] }),
    });
    const f = { ...picture, name: 'f' };
    expect(outcome(some, write([f]))).toBe('ok');
    expect(outcome(some, write([f, f]))).toBe('ok');
    expect(outcome(some, write([f, f, f]))).toBe('/f max_length');
    expect(outcome(some, write([]))).toBe('/f missing');
    expect(outcome(some, write([title]))).toBe('/f missing');
    expect(outcome(some, write([f, { ...picture, name: 'other' }]))).toBe('/other unknown_key');
    expect(outcome(some, write([f, { name: 'o', file: '', type: 'application/octet-stream' }]))).toBe('ok');
    expect(outcome(one, write([{ name: 'picture', file: '', type: 'application/octet-stream' }]))).toBe(
      '/picture missing',
    );
    expect(outcome(one, write([{ name: 'picture', bytes: 'a text' }]))).toBe('/picture type');
  });

  it('counts bytes as they stream, of one file, of one text and of all', () => {
    const small = formFiles(
      { picture: fileField({ types: ['image/png'], maxBytes: 100 }) },
      { maxFieldBytes: 10, maxFields: 2 },
    );
    const large = Buffer.concat([png, Buffer.alloc(100 - png.length)]);
    expect(outcome(small, write([{ ...picture, bytes: large }]))).toBe('ok');
    expect(outcome(small, write([{ ...picture, bytes: Buffer.concat([large, Buffer.from('x')]) }]))).toBe(
      'FORM_TOO_LARGE',
    );
    const head = write([{ ...picture, bytes: large }]).subarray(0, -9);
    const reader = openForm(small, 'multipart/form-data; boundary=b');
    expect(reader?.write(head)).toBe(true);
    let more = 0;
    while (reader?.write(Buffer.alloc(1, 'x'))) more++;
    expect(more).toBeLessThan(20); // it stops long before any end
    expect(reader?.end()).toEqual({ ok: false, reason: 'FORM_TOO_LARGE' });
    expect(outcome(small, write([picture, { name: 'a', bytes: 'x'.repeat(10) }]))).toBe('ok');
    expect(outcome(small, write([picture, { name: 'a', bytes: 'x'.repeat(11) }]))).toBe('FORM_TOO_LARGE');
    expect(outcome(small, write([picture, ...['a', 'b', 'c'].map((name) => ({ name }))]))).toBe(
      'FORM_TOO_MANY_FIELDS',
    );
    const whole = formFiles({ picture: fileField({ types: ['image/png'] }) }, { maxBytes: 300 });
    expect(outcome(whole, write([picture]))).toBe('ok');
    expect(outcome(whole, write([picture, { name: 'a', bytes: 'x'.repeat(200) }]))).toBe('FORM_TOO_LARGE');
  });

  it('refuses texts that are none, twice, or reach for a prototype, and a text of another type', () => {
    expect(outcome(one, write([picture, { name: 'a', bytes: Buffer.from([0xff]) }]))).toBe('FORM_ENCODING');
    expect(outcome(one, write([picture, title, title]))).toBe('FORM_DUPLICATE_FIELD');
    for (const name of ['__proto__', 'constructor', 'prototype'])
      expect(outcome(one, write([picture, { name }]))).toBe('FORM_PROTOTYPE_KEY');
    expect(outcome(one, write([picture, { ...title, type: 'text/html' }]))).toBe('/title type');
    expect(outcome(one, write([picture, { ...title, type: 'text/plain; charset=UTF-8' }]))).toBe('ok');
  });

  it.each([
    undefined,
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'multipart/form-data; boundary=a b',
    'multipart/form-data; boundary="a b"',
    `multipart/form-data; boundary=${'b'.repeat(71)}`,
    'multipart/form-data; boundary=b; boundary=c',
    'multipart/form-data; boundary=b; charset=utf-16',
    'multipart/mixed; boundary=b',
    'application/x-www-form-urlencoded',
    'application/json',
  ])('is not opened for the content type %j', (type) => {
    expect(openForm(one, type)).toBeUndefined();
    expect(openForm(one, 'Multipart/Form-Data; Boundary="----WebKitFormBoundary7MA4"')).toBeDefined();
  });

  it.each([
    ['../../etc/passwd.png', 'passwd.png'],
    ['C:\\Users\\ann\\photo.png', 'photo.png'],
    ['a\u202egnp.exe.png', 'a_gnp.exe.png'],
    ['.htaccess.png', 'htaccess.png'],
    ['  .png', 'png.png'],
    ['con.png', '_con.png'],
    ['a:b*c?.png', 'a_b_c_.png'],
    ['--rf.png', 'rf.png'],
    ['cafe\u0301.png', 'café.png'],
    [`${'x'.repeat(400)}.png`, `${'x'.repeat(96)}.png`],
    ['日本語.png', '日本語.png'],
  ])('calls the file %j %j', (sent, expected) => {
    const name = sent === '  .png' ? '  .png.png' : sent;
    const result = read(one, write([{ ...picture, file: name }]));
    expect(result).toMatchObject({ ok: true, files: { picture: { name: expected } } });
  });

  it('is done with a million line breaks at once', () => {
    const body = write([{ ...picture, bytes: Buffer.concat([png, Buffer.alloc(1_000_000, '\r')]) }]);
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 5 && best > 250; i++) {
      const start = performance.now();
      expect(
        outcome(formFiles({ picture: fileField({ types: ['image/png'], maxBytes: '2mb' }) }), body, 65_536),
      ).toBe('ok');
      best = Math.min(best, performance.now() - start);
    }
    expect(best).toBeLessThan(500);
  });

  it('refuses fields that make no sense when they are declared, and types what comes out', () => {
    expect(() => formFiles({})).toThrow(/formFiles names no file/);
    expect(() => formFiles({ constructor: fileField({ types: ['image/png'] }) })).toThrow(
      /which is no field/,
    );
    expect(() => fileField({ types: [] as unknown as ['image/png'] })).toThrow(
      /types names what is not known/,
    );
    expect(() => fileField({ types: ['image/svg+xml' as 'image/png'] })).toThrow(
      /types names what is not known/,
    );
    expect(() => fileListField({ types: ['image/png'], max: 0 })).toThrow(/fileListField\.max/);
    expect(() => formFiles({ a: fileField({ types: ['image/png'] }) }, { maxFields: Number.NaN })).toThrow(
      /maxFields/,
    );
    const typed = formFiles({
      a: fileField({ types: ['image/png'] }),
      b: fileListField({ types: ['image/gif'], max: 3 }),
    });
    expectTypeOf(typed).toEqualTypeOf<
      FormFiles<{ readonly a: UploadedFile; readonly b: readonly UploadedFile[] }>
    >();
  });
});
