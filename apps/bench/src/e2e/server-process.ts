import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Cores } from './cores.js';
import type { FromServer, ToServer } from './serve.js';
import type { Framework, Stack } from './stack.js';
import type { World } from './world.js';

/** A server under load, in a process of its own. */
export interface ServerProcess {
  readonly framework: Framework;
  readonly stack: Stack;
  readonly port: number;
  /** The processor time it has used, in milliseconds, and its memory in bytes. */
  usage(): Promise<{ cpu: number; memory: number }>;
  stop(): Promise<void>;
}

/** Starts a server on its core. */
export async function startServer(
  framework: Framework,
  stack: Stack,
  world: World,
  cores: Cores | undefined,
  flags: readonly string[] = [],
): Promise<ServerProcess> {
  const command = [process.execPath, ...flags, process.argv[1] ?? '', 'serve', framework, stack];
  const [program = '', ...args] = cores ? ['taskset', '-c', String(cores.server), ...command] : command;
  const child = spawn(program, args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const listening = await ask(child, { world });
  if (!('port' in listening)) throw new Error(`${framework} ${stack} did not start`);
  return {
    framework,
    stack,
    port: listening.port,
    async usage() {
      const told = await ask(child, { ask: 'usage' });
      if (!('cpu' in told)) throw new Error(`${framework} ${stack} does not tell what it used`);
      return { cpu: (told.cpu.user + told.cpu.system) / 1_000, memory: told.memory };
    },
    async stop() {
      const gone = once(child, 'exit');
      child.send({ ask: 'stop' } satisfies ToServer);
      await gone;
    },
  };
}

async function ask(child: ChildProcess, message: ToServer): Promise<FromServer> {
  const told = new Promise<FromServer>(function wait(resolve, reject) {
    const gone = (code: number | null): void => reject(new Error(`a server ended with code ${code}`));
    child.once('exit', gone);
    child.once('message', (answer) => {
      child.off('exit', gone);
      resolve(answer as FromServer);
    });
  });
  child.send(message);
  return told;
}
