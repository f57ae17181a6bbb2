import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import * as tokens from '../src/index.js';

it("runs the README's example", async () => {
  const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
  const example = /```js\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const names =
    /import \{([^}]*)\} from '@secapi\/tokens';/
      .exec(example)?.[1]
      ?.split(',')
      .map((name) => name.trim()) ?? [];
  const lines: unknown[] = [];
  const body = example.replace(/import [^;]*;/, '').replaceAll('console.log', 'print');
  const run = new Function(
    'tokens',
    'print',
    `return (async () => { const { ${names.join(', ')} } = tokens; ${body} })()`,
  );
  await run(tokens, (line: unknown) => lines.push(line));
  expect(lines).toEqual([true, true]);
});
