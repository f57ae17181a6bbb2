import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { checkEngine } from '../src/engine.js';
import { createSanitizer } from '../src/index.js';
import { engineHere } from './support/parse.js';

const ours = 'Mozilla/5.0 (linux) AppleWebKit/537.36 (KHTML, like Gecko) jsdom/29.1.1';

describe('the engine', () => {
  it.each(['3.4.17', '3.4.18', '3.5.0', '4.0.0', '10.0.0'])('is taken with DOMPurify %s', (version) => {
    expect(() => checkEngine({ version, isSupported: true }, ours)).not.toThrow();
  });

  it.each(['3.4.16', '3.3.99', '2.9.99', '3.4.17-rc.1', '', 'x'])(
    'is refused with DOMPurify %j',
    (version) => {
      expect(() => checkEngine({ version, isSupported: true }, ours)).toThrow(
        expect.objectContaining({ code: 'SANITIZER_OUTDATED', message: expect.stringMatching(/^DOMPurify/) }),
      );
    },
  );

  it.each(['29.0.0', '30.1.0'])('is taken with jsdom %s', (version) => {
    expect(() =>
      checkEngine({ version: '3.4.18', isSupported: true }, `Mozilla/5.0 jsdom/${version}`),
    ).not.toThrow();
  });

  it.each(['Mozilla/5.0 jsdom/28.1.0', 'Mozilla/5.0 jsdom/19.0.0', 'Mozilla/5.0 HappyDOM/20.0.0', ''])(
    'is refused on the DOM %j',
    (userAgent) => {
      expect(() => checkEngine({ version: '3.4.18', isSupported: true }, userAgent)).toThrow(
        expect.objectContaining({ code: 'SANITIZER_OUTDATED', message: expect.stringMatching(/^jsdom/) }),
      );
    },
  );

  it('is refused on a DOM on which it would do nothing', () => {
    expect(() => checkEngine({ version: '3.4.18', isSupported: false }, ours)).toThrow(
      expect.objectContaining({ code: 'SANITIZER_UNSUPPORTED' }),
    );
  });

  it('cleans in each new window as in the first, whatever lists it is asked for', () => {
    const engine = engineHere(2);
    const bold = { tags: ['b'], attributes: [] };
    const italic = { tags: ['i'], attributes: ['title'] };
    for (let i = 0; i < 7; i++) {
      const html = '<b onclick=x title=t>a</b><i title=t>b</i><svg onload=x>';
      expect(engine.clean(html, bold)).toBe('<b>a</b>b');
      if (i % 2 === 0) expect(engine.clean(html, italic)).toBe('a<i title="t">b</i>');
    }
  });

  it('keeps nothing of what it has cleaned, also when everything was asked for in one turn', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const { sanitize } = createSanitizer({ pool: 'none' });
    const run = async (count: number) => {
      await Promise.all(
        Array.from({ length: count }, (_, i) => sanitize(`<p>${'a <b>b</b> '.repeat(20)}${i}</p>`)),
      );
      await new Promise((resolve) => setImmediate(resolve));
      collect();
      return process.memoryUsage().heapUsed;
    };
    const before = await run(50);
    const grown = (await run(300)) - before;
    expect(grown).toBeLessThan(10_000_000); // jsdom keeps some 35 MB of as many in one turn
  });
});
