// `docs/errors.md` is made from the catalogue of core and from nothing else: `node scripts/error-docs.mjs` writes it, `npm run check` fails when it is stale.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { verdict } from './house-rules.mjs';

const source = 'packages/core/src/catalogue.ts';
const page = 'docs/errors.md';
const command = 'node scripts/error-docs.mjs';

/** Whether the page says what the catalogue says. */
export async function errorDocs(root) {
  const wanted = render(await readCatalogue(root));
  const problem = read(join(root, page)) === wanted ? [] : [`${page} is stale: ${command} writes it anew`];
  return verdict(problem);
}

/** The page, from the catalogue and the function that gives each code its type. */
export function render({ catalogue, problemType }) {
  const entries = Object.entries(catalogue).sort(([, one], [, other]) => one.status - other.status);
  const rows = entries.map(([code, { status, title }]) => [
    `[\`${code}\`](#${code.toLowerCase()})`,
    String(status),
    title,
    `\`${problemType(code)}\``,
  ]);
  const section = ([code, { status, title, detail, when, action }]) =>
    [
      `### ${code}`,
      `${status} ${title}, \`${problemType(code)}\`: “${detail}”`,
      `- **When**: ${when}`,
      `- **What a client should do**: ${action}`,
    ].join('\n\n');
  return `${[
    `<!-- Made by ${command} from ${source}; write there. -->`,
    '# Errors',
    'Every error is answered as a problem (RFC 9457), `application/problem+json`, and never stored. `code` and `type` say the same and never change; go by them, and not by `title` or `detail`, whose texts may. `requestId` is also the `X-Request-Id` of the answer and stands in the log, where the error itself is; nothing of it is in the answer. With `errors: \'simple\'` the body is `{ "error": detail, "code": code }`.',
    'An application adds codes of its own with `new ApiError(code, { status, title, detail })`; their types are made in the same way.',
    '## The catalogue',
    table(['code', 'status', 'title', 'type'], rows),
    '## Each of them',
    ...entries.map(section),
  ].join('\n\n')}\n`;
}

/** The catalogue imports nothing, so it can be read without a build. */
export async function readCatalogue(root) {
  const text = readFileSync(join(root, source), 'utf8');
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputText).toString('base64')}`);
}

/** A table whose columns are aligned, as the formatter has them. */
function table(head, rows) {
  const widths = head.map((text, i) => Math.max(text.length, ...rows.map((row) => row[i].length)));
  const line = (cells) => `| ${cells.map((text, i) => text.padEnd(widths[i])).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

if (process.argv[1] === import.meta.filename) {
  const root = dirname(import.meta.dirname);
  const path = join(root, page);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, render(await readCatalogue(root)));
}
