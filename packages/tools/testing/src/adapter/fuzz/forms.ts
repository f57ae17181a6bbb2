import fc from 'fast-check';
import { chunks, type Shot } from './shot.js';

const png = '\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0';
const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const pieces = fc.constantFrom(
  '--b',
  '--b--',
  '--bb',
  '\r\n',
  '\n',
  '\r\n\r\n',
  'Content-Disposition: form-data; name="caption"',
  'Content-Disposition: form-data; name="picture"; filename="a.png"',
  'Content-Disposition: form-data; name="__proto__"',
  '; filename="../../a.png"',
  "; filename*=UTF-8''b.png",
  '; name="caption"',
  '\r\nContent-Type: image/png',
  '\r\nContent-Type: text/html',
  '\r\nContent-Transfer-Encoding: base64',
  '\r\nX: y',
  png,
  'x',
  '<svg>',
  '\0',
  '\xff',
  'x'.repeat(2_100),
);
const fileNames = fc.constantFrom(
  'a.png',
  '../../etc/passwd',
  'C:\\a.png',
  '..png',
  '.png',
  '',
  'a.php',
  'a.png.php',
  'a\0.png',
  'a.PNG',
  'x'.repeat(300),
  'a";.png',
  '\xc3\xa4.png',
  '\xff.png',
  'a%00.png',
  'con.png',
);
const fileTypes = fc.constantFrom(
  'image/png',
  'image/png',
  'IMAGE/PNG',
  'image/jpeg',
  'text/html',
  'image/png; charset=utf-7',
  '',
  'image/png\r\nContent-Type: text/html',
);
const contents = fc.constantFrom(
  png,
  png,
  `${png}<?php`,
  `${png}\r\n--c`,
  'GIF89a',
  '',
  '<svg onload=x>',
  png + 'x'.repeat(3_000),
  png.slice(0, 8),
  `\n${png}`,
);
const part = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('caption', 'caption', 'admin', '__proto__', 'picture', ''),
      fc.constantFrom('a', '', '\xff', 'a\r\nb', 'x'.repeat(51), 'x'.repeat(1_100), '\xc3\xa9', ' a '),
    )
    .map(([name, text]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`),
  fc
    .tuple(fc.constantFrom('picture', 'picture', 'other', 'constructor'), fileNames, fileTypes, contents)
    .map(
      ([name, file, type, content]) =>
        `--b\r\nContent-Disposition: form-data; name="${name}"; filename="${file}"\r\nContent-Type: ${type}\r\n\r\n${content}\r\n`,
    ),
);
const formType = fc.constantFrom(
  'multipart/form-data; boundary=b',
  'multipart/form-data; boundary=b',
  'multipart/form-data; boundary="b"',
  'Multipart/Form-Data;boundary=b',
  'multipart/form-data',
  'multipart/form-data; boundary=',
  'multipart/form-data; boundary=bb',
  'multipart/form-data; boundary=b; boundary=c',
  'multipart/mixed; boundary=b',
  'application/json',
  'multipart/form-data; boundary=b; charset=utf-16',
);

/** Forms of which any part may be wrong. */
export const wildForm: fc.Arbitrary<Shot> = fc
  .tuple(
    formType,
    fc.oneof(
      fc.array(pieces, { maxLength: 20 }).map((list) => list.join('')),
      fc
        .tuple(
          fc.array(part, { maxLength: 4 }),
          fc.constantFrom('--b--\r\n', '--b--', '--b', '', '--b--\r\nx'),
        )
        .map(([parts, end]) => parts.join('') + end),
    ),
    chunks,
  )
  .map(([type, text, chunk]) => ({
    method: 'POST',
    target: '/fuzz-form',
    headers: [['Content-Type', type]],
    body: latin1(text),
    chunk,
    honest: false,
  }));

/** Forms of which every part is as declared. */
export const lawfulForm: fc.Arbitrary<Shot> = fc
  .tuple(
    fc.constantFrom('', 'x', '\r\n', '\r\n--', '\r\n--c', '\0\xff', '\r\n\r\n', 'x'.repeat(1_900)),
    fc.boolean(),
    chunks,
  )
  .map(([more, first, chunk]) => {
    const file = `--b\r\nContent-Disposition: form-data; name="picture"; filename="../b\xc3\xa4.png"\r\nContent-Type: image/png\r\n\r\n${png}${more}\r\n`;
    const text = '--b\r\nContent-Disposition: form-data; name="caption"\r\n\r\n a \xc3\xa4\r\n';
    const body = latin1(`${first ? file + text : text + file}--b--\r\n`);
    return {
      method: 'POST',
      target: '/fuzz-form',
      headers: [['Content-Type', 'multipart/form-data; boundary=b']],
      body,
      chunk,
      honest: true,
    };
  });
