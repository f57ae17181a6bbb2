import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseObject } from '../src/internal/strict-json.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('the JSON of headers and payloads', () => {
  it('is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })), fc.nat(2), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        expect(parseObject(bytes(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('has no name twice, whatever else is in it', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })),
        fc.string(),
        fc.jsonValue(),
        (value, name, twin) => {
          const rest = JSON.stringify({ ...value, [name]: 1 }).slice(1);
          expect(
            parseObject(bytes(`{${JSON.stringify(name)}:${JSON.stringify(twin)},${rest}`)),
          ).toBeUndefined();
          const escaped = [...name].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
          if (name.length === escaped.length) {
            expect(
              parseObject(bytes(`{"${escaped.join('')}":${JSON.stringify(twin)},${rest}`)),
            ).toBeUndefined();
          }
        },
      ),
    );
  });

  it('costs what its length costs', () => {
    const text = `{"a":"${'\\"'.repeat(500_000)}"}`;
    const begin = performance.now();
    expect(parseObject(bytes(text))).toBeDefined();
    expect(parseObject(bytes(text.slice(0, -2)))).toBeUndefined();
    expect(performance.now() - begin).toBeLessThan(2_000);
  });
});
