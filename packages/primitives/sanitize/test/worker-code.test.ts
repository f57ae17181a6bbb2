import { expect, it } from 'vitest';
import { bundle } from './support/bundle.js';

const head =
  '// Made from worker.ts: `npx vitest run packages/primitives/sanitize/test/worker-code -u` writes it anew.';

it('the code of the threads is that of the sources', async () => {
  const code = await bundle('worker.ts', 'cjs');
  const lines = code.split('\n').filter((line) => line !== '' && !/^\s*\/\//.test(line)); // comments name folders
  const text = `${head}\nexport const workerCode: string = [\n${lines.map((line) => `  ${JSON.stringify(line)},\n`).join('')}].join('\\n');\n`;
  await expect(text).toMatchFileSnapshot('../src/worker-code.data.ts');
});
