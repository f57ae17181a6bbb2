import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundle } from './support/bundle.js';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

let code: string;
beforeAll(async () => {
  code = await bundle('index.ts', 'esm');
});

/** Runs a program beside the package in one file, and gives what it prints and how it ends. */
async function run(home: string, program: string) {
  const folder = mkdtempSync(join(home, '.bundled-'));
  folders.push(folder);
  writeFileSync(join(folder, 'sanitize.mjs'), code);
  writeFileSync(join(folder, 'main.mjs'), program);
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'main.mjs')], {
    timeout: 60_000,
  });
  return stdout;
}

it('works as one file with no other beside it, and ends with the process that has nothing else to do', async () => {
  const printed = await run(
    join(import.meta.dirname, '../node_modules'),
    `import { createSanitizer } from './sanitize.mjs';
    const { sanitize } = createSanitizer({ preset: 'comment' });
    console.log(JSON.stringify(await sanitize('<p onclick=x>a</p>')));`,
  );
  expect(printed).toBe('{"ok":true,"html":"<p>a</p>"}\n');
});

it('says what is missing where there is no jsdom', async () => {
  const printed = await run(
    tmpdir(),
    `import { createSanitizer } from './sanitize.mjs';
    const error = await createSanitizer().sanitize('<p>').catch((error) => error);
    console.log(error.code, /jsdom/.test(error.message));`,
  );
  expect(printed).toBe('SANITIZER_FAILED true\n');
});
