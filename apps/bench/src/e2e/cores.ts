import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Which core serves and which one loads; `undefined` where nothing can be pinned. */
export interface Cores {
  readonly server: number;
  readonly load: number;
}

/** Pins this process to its core and says which ones there are, where `taskset` and a second core exist. */
export function pin(): Cores | undefined {
  if (availableParallelism() < 2) return undefined;
  const cores = { server: 1, load: 0 };
  try {
    execFileSync('taskset', ['-a', '-c', '-p', String(cores.load), String(process.pid)], { stdio: 'ignore' });
    return cores;
  } catch {
    return undefined;
  }
}
