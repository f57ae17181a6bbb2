// House rules on the tracked files that no tool knows: how long a file may be, and which names never stand in one.
import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { run } from './command.mjs';

const most = 300;
const mostOfAdapter = 150;
const adapter = /^packages\/adapters\/(express|fastify|koa)\/src\//;
const code = new Set(['.ts', '.mts', '.mjs', '.js', '.cjs', '.tsx', '.sql']);
const binary = new Set(['.png', '.jpg', '.ico', '.gz', '.woff2', '.tgz', '.bin']);

/** No file of code over 300 lines, and none of a framework adapter over 150. */
export async function fileLengths(root) {
  const problems = (await trackedFiles(root))
    .filter(({ path }) => code.has(extname(path)) && !path.includes('.data.'))
    .map((file) => ({ ...file, limit: adapter.test(file.path) ? mostOfAdapter : most }))
    .filter(({ lines, limit }) => lines > limit)
    .map(
      ({ path, lines, limit }) =>
        `${path} has ${lines} lines, and may have ${limit}: give its second concept a file`,
    );
  return verdict(problems);
}

// Written in pieces, so that this file does not hold what it looks for.
const hosts = ['npmjs', 'yarnpkg', 'npmmirror'].map((name) => String.raw`registry\.${name}\.(?:org|com)`);
const homes = ['work', 'root', 'home', 'Users'].map((name) => String.raw`(?<![\w.\]:/-])/${name}/[\w.-]+`);
const forbidden = new RegExp([...hosts, ...homes, String.raw`\b[A-Z]:\\Users\\`].join('|'));

/** A clone must work everywhere: no tracked file names a registry or a folder of the machine that it was written on. */
export async function foreignNames(root) {
  const problems = [];
  for (const { path, text } of await trackedFiles(root)) {
    if (!forbidden.test(text)) continue;
    for (const [index, line] of text.split('\n').entries()) {
      const match = forbidden.exec(line);
      if (match) problems.push(`${path}:${index + 1} names ${match[0]}`);
    }
  }
  return verdict(problems);
}

/** The text files that git tracks, or would track once they are added. */
async function trackedFiles(root) {
  const { ok, output } = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
  });
  if (!ok) throw new Error(`git ls-files failed: ${output}`);
  return output
    .split('\0')
    .filter((path) => path !== '' && !binary.has(extname(path)))
    .flatMap((path) => {
      const text = textOf(join(root, path));
      return text === undefined
        ? []
        : [{ path, text, lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0) }];
    });
}

function textOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'EISDIR') return undefined; // deleted, or a link to a folder
    throw error;
  }
}

/** What a check resolves to. */
export function verdict(problems) {
  return { ok: problems.length === 0, output: problems.join('\n') };
}
