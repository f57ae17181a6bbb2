import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createClientResolver, createCors, createCsrf, createSecurityHeaders } from '../src/index.js';

it("runs the README's example", () => {
  const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
  const example = /```ts\nimport .*\n\n([^`]*)```/.exec(readme)?.[1] ?? '';
  const lines: unknown[][] = [];
  const run = new Function(
    'createClientResolver',
    'createCors',
    'createCsrf',
    'createSecurityHeaders',
    'console',
    example,
  );
  run(createClientResolver, createCors, createCsrf, createSecurityHeaders, {
    log: (...line: unknown[]) => lines.push(line),
  });
  expect(lines).toEqual([['203.0.113.9', 16, { ok: false, reason: 'CSRF_CROSS_SITE' }]]);
});
