import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// Tests import the other packages' sources, so that no stale build is ever tested.
const groups = ['packages', 'packages/primitives', 'packages/adapters', 'packages/stores', 'packages/tools'];
const alias = groups.flatMap((group) =>
  readdirSync(join(import.meta.dirname, group)).flatMap((name) => sourcesOf(join(group, name))),
);

function sourcesOf(folder: string): { find: RegExp; replacement: string }[] {
  let manifest: { name: string; exports?: Record<string, { default: string; node?: string }> };
  try {
    manifest = JSON.parse(readFileSync(join(import.meta.dirname, folder, 'package.json'), 'utf8'));
  } catch {
    return [];
  }
  // As Node resolves them: where a package has another engine for Node, tests that import it get that one.
  return Object.entries(manifest.exports ?? {}).map(([key, { default: any, node: file = any }]) => ({
    find: new RegExp(`^${manifest.name}${key.slice(1)}$`),
    replacement: join(import.meta.dirname, folder, file.replace('./dist/', 'src/').replace(/\.js$/, '.ts')),
  }));
}

const tests = ['packages/**/test/**/*.test.ts', 'apps/**/test/**/*.test.ts', 'test/**/*.test.ts'];
/** They look at what is loaded. */
const alone = ['packages/primitives/sanitize/test/**/*.test.ts'];

export default defineConfig({
  resolve: { alias },
  test: {
    pool: 'forks',
    // More than there are cores on a machine of two: many tests wait for a server in another process, or for time to pass.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    projects: [
      // A process loads each source once for all files that it runs: a third of the time.
      {
        extends: true,
        test: { name: 'house', isolate: false, include: tests, exclude: ['**/node_modules/**', ...alone] },
      },
      { extends: true, test: { name: 'alone', include: alone, exclude: ['**/node_modules/**'] } },
    ],
    testTimeout: 60_000, // a bound on what hangs, not on what is slow beside other tests
    hookTimeout: 120_000,
  },
});
