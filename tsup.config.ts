import { readFileSync } from 'node:fs';
import { defineConfig } from 'tsup';

// One config for every package: the entries are the package's own `exports` (an app has only its index).
// Declarations take most of a build and nobody who only runs the code reads them: `npm start` and `npm test`
// set BUNDLE_ONLY (a part of turbo's cache key), everything else builds whole packages.
const bundleOnly = process.env.BUNDLE_ONLY === '1';
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  private?: boolean;
  exports?: Record<string, { default: string }>;
};
const names = Object.values(manifest.exports ?? { '.': { default: './dist/index.js' } }).map((entry) =>
  entry.default.replace('./dist/', '').replace('.js', ''),
);

export default defineConfig({
  entry: Object.fromEntries(names.map((name) => [name, `src/${name}.ts`])),
  format: 'esm',
  target: 'es2023',
  platform: 'neutral',
  dts: !manifest.private && !bundleOnly,
  clean: bundleOnly ? ['!**/*.d.ts'] : true,
  treeshake: true,
  sourcemap: false,
  silent: true,
});
