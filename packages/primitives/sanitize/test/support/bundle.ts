import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'tsup';

const root = join(import.meta.dirname, '../..');

/** A source with all that it imports but the libraries, as one text. */
export async function bundle(source: string, format: 'cjs' | 'esm'): Promise<string> {
  const folder = mkdtempSync(join(root, 'node_modules', '.bundle-'));
  try {
    await build({
      config: false,
      entry: { bundle: join(root, 'src', source) },
      outDir: folder,
      format,
      target: 'es2023',
      platform: 'node',
      treeshake: true,
      silent: true,
      noExternal: ['@secapi/kernel'],
      external: ['jsdom', 'dompurify'],
      esbuildOptions(options) {
        options.alias = { '@secapi/kernel': join(root, '../../kernel/src/index.ts') };
      },
      outExtension: () => ({ js: '.js' }),
    });
    return readFileSync(join(folder, 'bundle.js'), 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
