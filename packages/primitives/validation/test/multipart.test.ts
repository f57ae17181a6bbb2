import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileField, formFiles } from '../src/index.js';
import { outcome, png } from './form-support.js';

const one = formFiles({ picture: fileField({ types: ['image/png', 'image/jpeg'] }) });

describe('the grammar of a form', () => {
  const disposition = 'Content-Disposition: form-data; name="title"';
  it.each([
    ['nothing', ''],
    ['no boundary', 'x'],
    ['a preamble', `preamble\r\n--b\r\n${disposition}\r\n\r\n1\r\n--b--`],
    ['a line break before the first boundary', `\r\n--b\r\n${disposition}\r\n\r\n1\r\n--b--`],
    ['an epilogue', `--b\r\n${disposition}\r\n\r\n1\r\n--b--\r\nmore`],
    [
      'another form behind it',
      `--b\r\n${disposition}\r\n\r\n1\r\n--b--\r\n--b\r\n${disposition}\r\n\r\n2\r\n--b--`,
    ],
    ['no end', `--b\r\n${disposition}\r\n\r\n1\r\n`],
    ['a boundary that goes on', `--b\r\n${disposition}\r\n\r\n1\r\n--bc\r\n--b--`],
    ['white space after a boundary', `--b \r\n${disposition}\r\n\r\n1\r\n--b--`],
    ['line feeds alone', `--b\n${disposition}\n\n1\n--b--`],
    ['no head', '--b\r\n\r\n1\r\n--b--'],
    ['a head without an end', `--b\r\n${disposition}`],
    ['a head that is too long', `--b\r\n${disposition}\r\nContent-Type: ${'x'.repeat(5_000)}`],
    ['another disposition', `--b\r\nContent-Disposition: attachment; name="title"\r\n\r\n1\r\n--b--`],
    [
      'two dispositions',
      `--b\r\n${disposition}\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n--b--`,
    ],
    ['two names', `--b\r\n${disposition}; name="x"\r\n\r\n1\r\n--b--`],
    ['two file names', `--b\r\n${disposition}; filename="a"; filename="b"\r\n\r\n1\r\n--b--`],
    ['an extended file name', `--b\r\n${disposition}; filename*=UTF-8''a.png\r\n\r\n1\r\n--b--`],
    ['an escaped quote', `--b\r\nContent-Disposition: form-data; name="a\\"; x="b"\r\n\r\n1\r\n--b--`],
    ['a name without quotes', '--b\r\nContent-Disposition: form-data; name=title\r\n\r\n1\r\n--b--'],
    ['an empty name', '--b\r\nContent-Disposition: form-data; name=""\r\n\r\n1\r\n--b--'],
    ['a NUL in a name', '--b\r\nContent-Disposition: form-data; name="a\0"\r\n\r\n1\r\n--b--'],
    ['a name that is not UTF-8', '--b\r\nContent-Disposition: form-data; name="\xff"\r\n\r\n1\r\n--b--'],
    ['a folded header', `--b\r\nContent-Disposition: form-data;\r\n name="title"\r\n\r\n1\r\n--b--`],
    ['a space before a colon', '--b\r\nContent-Disposition : form-data; name="title"\r\n\r\n1\r\n--b--'],
    ['a coding', `--b\r\n${disposition}\r\nContent-Transfer-Encoding: base64\r\n\r\nMQ==\r\n--b--`],
    ['an unknown header', `--b\r\n${disposition}\r\nX-Other: 1\r\n\r\n1\r\n--b--`],
    ['another charset', `--b\r\n${disposition}\r\nContent-Type: text/plain; charset=utf-7\r\n\r\n1\r\n--b--`],
  ])('refuses %s', (_what, body) => {
    for (const step of [1, 5, 10_000]) expect(outcome(one, body, step)).toBe('FORM_SYNTAX');
  });

  it('survives anything, and never takes it for more than it is', () => {
    const piece = fc.constantFrom(
      '--b',
      '\r\n',
      '--',
      disposition,
      '; filename="a.png"',
      'Content-Type: image/png',
      '\r\n\r\n',
      'x',
      png.toString('latin1'),
      '"',
      '=',
      ';',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 24 }), fc.integer({ min: 1, max: 60 }), (parts, step) => {
        const body = Buffer.from(parts.join(''), 'latin1');
        expect(outcome(one, body, step)).toBe(outcome(one, body));
        expect(
          outcome(one, Buffer.concat([Buffer.from(`--b\r\n${disposition}\r\n\r\n`), body]), step),
        ).not.toBe('');
      }),
      { numRuns: 500 },
    );
    expect(({} as { title?: string }).title).toBeUndefined();
  });
});
