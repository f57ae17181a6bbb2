import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { checkEngine, loadEngine } from '../src/engine.js';
import { createSanitizer } from '../src/index.js';

describe('the engine', () => {
  it.each(['3.4.17', '3.4.18', '3.5.0', '4.0.0', '10.0.0'])('is taken as version %s', (version) => {
    expect(() => checkEngine({ version, isSupported: true })).not.toThrow();
  });

  it.each(['3.4.16', '3.3.99', '2.9.99', '3.4.17-rc.1', '', 'x'])('is refused as version %j', (version) => {
    expect(() => checkEngine({ version, isSupported: true })).toThrow(
      expect.objectContaining({ code: 'SANITIZER_OUTDATED' }),
    );
  });

  it('is refused on a DOM on which it would do nothing', () => {
    expect(() => checkEngine({ version: '3.4.18', isSupported: false })).toThrow(
      expect.objectContaining({ code: 'SANITIZER_UNSUPPORTED' }),
    );
  });

  it('cleans in each new window as in the first', async () => {
    const engine = await loadEngine(['b'], [], 2);
    for (let i = 0; i < 7; i++)
      expect(engine.clean('<b onclick=x>a</b><i>b</i><svg onload=x>')).toBe('<b>a</b>b');
  });

  it('keeps nothing of what it has cleaned, also when everything was asked for in one turn', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const { sanitize } = createSanitizer();
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
