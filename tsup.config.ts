import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'tsup';

// One config for every package: the entries are the package's own `exports` (an app has only its index). Paths are
// absolute, since esbuild holds on to the folder in which its process started.
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  private?: boolean;
  exports?: Record<string, { default: string }>;
};
const names = Object.values(manifest.exports ?? { '.': { default: './dist/index.js' } }).map((entry) =>
  entry.default.replace('./dist/', '').replace('.js', ''),
);

export default defineConfig({
  entry: Object.fromEntries(names.map((name) => [name, join(process.cwd(), `src/${name}.ts`)])),
  outDir: join(process.cwd(), 'dist'),
  format: 'esm',
  target: 'es2023',
  platform: 'neutral',
  dts: !manifest.private,
  clean: true,
  treeshake: true,
  sourcemap: false,
  silent: true,
});
