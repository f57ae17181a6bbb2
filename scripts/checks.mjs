// What `npm run check` checks, in this order; each can be run alone: `npm run check -- boundaries knip`.

import { changesets } from './changesets.mjs';
import { root, run } from './command.mjs';
import { errorDocs } from './error-docs.mjs';
import { fileLengths, foreignNames } from './house-rules.mjs';
import { packedPackages } from './packed-packages.mjs';
import { turbo } from './toolchain.mjs';

export const checks = [
  {
    name: 'biome',
    label: 'format and lint',
    work: () => run('biome', ['check', '--error-on-warnings', '--max-diagnostics=200', '.']),
  },
  {
    name: 'types',
    label: 'build and types of the packages',
    work: () => turbo('build', 'typecheck', '--continue=dependencies-successful'),
  },
  { name: 'test-types', label: 'types of the tests', work: () => run('tsc', ['--project', 'tsconfig.json']) },
  {
    name: 'boundaries',
    label: 'imports only point down',
    work: () => run('node', ['scripts/boundaries.mjs']),
  },
  {
    name: 'knip',
    label: 'nothing unused, nothing undeclared',
    work: () => run('knip', ['--no-progress', '--no-config-hints']),
  },
  { name: 'packages', label: 'packed packages load and have types', work: () => packedPackages(root) },
  { name: 'lengths', label: 'no long files', work: () => fileLengths(root) },
  { name: 'errors', label: 'the page of errors is that of the catalogue', work: () => errorDocs(root) },
  { name: 'names', label: 'no registry host, no path of a machine', work: () => foreignNames(root) },
  { name: 'changesets', label: 'every package has its changeset', work: () => changesets(root) },
];
