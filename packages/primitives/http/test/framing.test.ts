import { expect, it } from 'vitest';
import { framing } from '../src/index.js';

it.each<[string, readonly string[], readonly string[]]>([
  ['no body', [], []],
  ['a length', ['42'], []],
  ['chunked', [], ['chunked']],
  ['chunked in capitals', [], ['Chunked']],
])('takes %s', (_, contentLength, transferEncoding) => {
  expect(framing({ contentLength, transferEncoding })).toEqual({ ok: true });
});

it.each<[string, readonly string[], readonly string[], string]>([
  ['both headers', ['42'], ['chunked'], 'FRAMING_BOTH'],
  ['two lengths', ['42', '43'], [], 'FRAMING_LENGTH'],
  ['two equal lengths', ['42', '42'], [], 'FRAMING_LENGTH'],
  ['two lengths in one', ['42, 42'], [], 'FRAMING_LENGTH'],
  ['a sign', ['+42'], [], 'FRAMING_LENGTH'],
  ['a negative length', ['-1'], [], 'FRAMING_LENGTH'],
  ['hexadecimal', ['0x2a'], [], 'FRAMING_LENGTH'],
  ['an exponent', ['1e3'], [], 'FRAMING_LENGTH'],
  ['a space', ['4 2'], [], 'FRAMING_LENGTH'],
  ['a line break', ['42\n'], [], 'FRAMING_LENGTH'],
  ['an empty length', [''], [], 'FRAMING_LENGTH'],
  ['more digits than a number holds', ['9'.repeat(16)], [], 'FRAMING_LENGTH'],
  ['another encoding', [], ['gzip'], 'FRAMING_ENCODING'],
  ['an encoding before chunked', [], ['gzip, chunked'], 'FRAMING_ENCODING'],
  ['chunked twice', [], ['chunked', 'chunked'], 'FRAMING_ENCODING'],
  ['identity', [], ['identity'], 'FRAMING_ENCODING'],
  ['a look-alike', [], ['xchunked'], 'FRAMING_ENCODING'],
  ['a vertical tab', [], ['chunked\v'], 'FRAMING_ENCODING'],
  ['a letter that folds to k', [], ['chun\u212aed'], 'FRAMING_ENCODING'],
  ['an empty encoding', [], [''], 'FRAMING_ENCODING'],
])('refuses %s', (_, contentLength, transferEncoding, reason) => {
  expect(framing({ contentLength, transferEncoding })).toEqual({ ok: false, reason });
});

it('refuses a transfer encoding in HTTP/1.0, which has none, and takes a length there', () => {
  const none = { contentLength: [], transferEncoding: [] };
  expect(framing({ ...none, transferEncoding: ['chunked'], version: '1.0' })).toEqual({
    ok: false,
    reason: 'FRAMING_VERSION',
  });
  expect(framing({ ...none, transferEncoding: ['chunked'], version: '1.1' })).toEqual({ ok: true });
  expect(framing({ ...none, contentLength: ['3'], version: '1.0' })).toEqual({ ok: true });
});
