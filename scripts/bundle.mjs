// Bundles one app and the packages below it, in one process and without type declarations: 2 seconds where building each
// package by itself takes a minute. `npm start` and `npm test` need no more; what is published is made by the task `build`.
import { join } from 'node:path';
import { build } from 'tsup';
import { readPackages } from './boundaries.mjs';
import { root } from './command.mjs';

const house = new Map(readPackages(root).map((pkg) => [pkg.manifest.name, pkg]));

/** The folders of a package and of all that it depends on. */
function below(name, found = new Set()) {
  const pkg = house.get(name);
  if (!pkg || found.has(pkg.folder)) return found;
  for (const dependency of Object.keys(pkg.manifest.dependencies ?? {})) below(dependency, found);
  return found.add(pkg.folder);
}

const config = join(root, 'tsup.config.ts');
for (const folder of below(process.argv[2])) {
  process.chdir(join(root, folder)); // the shared settings read the package.json that they stand in
  await build({ config, dts: false, clean: ['!**/*.d.ts'] });
}
