// A change that users see has a changeset: changesets' own check against `main`, and every unreleased package named.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPackages } from './boundaries.mjs';
import { run } from './command.mjs';
import { verdict } from './house-rules.mjs';

export async function changesets(root) {
  const folder = join(root, '.changeset');
  const texts = readdirSync(folder)
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .map((name) => readFileSync(join(folder, name), 'utf8'));
  const published = readPackages(root).filter(({ manifest }) => !manifest.private);
  const problems = published
    .filter(({ manifest }) => manifest.version === '0.0.0')
    .filter(({ manifest }) => !texts.some((text) => text.includes(`"${manifest.name}":`)))
    .map(({ manifest }) => `${manifest.name} was never released and no file in .changeset names it`);

  // On `main` itself there is nothing to compare with: the changesets of what was merged are there already.
  const [head, main] = await Promise.all(['HEAD', 'main'].map((name) => commitOf(root, name)));
  if (main !== undefined && head !== main) {
    const status = await run('changeset', ['status', '--since=main'], { cwd: root });
    if (!status.ok) problems.push(status.output.trim());
  }
  return verdict(problems);
}

async function commitOf(root, name) {
  const { ok, output } = await run('git', ['rev-parse', '--verify', '--quiet', `${name}^{commit}`], {
    cwd: root,
  });
  return ok ? output.trim() : undefined;
}
