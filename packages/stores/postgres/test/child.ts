import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import ts from 'typescript';

const home = dirname(import.meta.dirname);

/** Compiles this package's sources for plain Node, so that a process of its own runs them and no stale build. */
export function compile(): { folder: string; remove: () => void } {
  mkdirSync(join(home, 'node_modules'), { recursive: true });
  const folder = mkdtempSync(join(home, 'node_modules', '.compiled-')); // here, so that its imports resolve
  mkdirSync(join(folder, 'internal'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const compilerOptions = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext };
  for (const name of readdirSync(join(home, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts')) continue;
    const { outputText } = ts.transpileModule(readFileSync(join(home, 'src', name), 'utf8'), {
      compilerOptions,
    });
    writeFileSync(join(folder, name.replace(/\.ts$/, '.js')), outputText);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A process that runs `code` next to the compiled sources. */
export interface Child {
  /** Resolves when it has printed so many lines, or rejects when it ended before. */
  lines(count: number): Promise<string[]>;
  /** Kills it as a power switch would, and resolves with every whole line that it printed. */
  kill9(): Promise<string[]>;
}

export function run(folder: string, code: string, args: readonly string[]): Child {
  const file = join(folder, `child-${Math.floor(performance.now() * 1_000)}.js`);
  writeFileSync(file, code);
  const child: ChildProcess = spawn(process.execPath, [file, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const printed: string[] = [];
  let wake = (): void => {};
  if (!child.stdout) throw new Error('no output');
  createInterface({ input: child.stdout }).on('line', (line) => {
    printed.push(line);
    wake();
  });
  let over = false;
  const ended = new Promise<void>((resolve) => {
    child.on('close', () => {
      over = true;
      wake();
      resolve();
    });
  });
  return {
    async lines(count) {
      while (printed.length < count) {
        if (over) throw new Error(`the process ended after ${printed.length} lines`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return [...printed];
    },
    async kill9() {
      child.kill('SIGKILL');
      await ended;
      return [...printed];
    },
  };
}
