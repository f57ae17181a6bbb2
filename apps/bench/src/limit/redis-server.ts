import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A private Redis. */
export interface RedisProcess {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts Redis on a free port, the way the tests do, from a process that ends with this one; undefined where there is none. */
export async function startRedis(): Promise<RedisProcess | undefined> {
  const script = new URL('../../../scripts/redis.mjs', import.meta.url).href;
  const keeper = spawn(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { startRedis } from ${JSON.stringify(script)};
       const server = await startRedis();
       console.log(server.url ?? '');
       process.stdin.on('end', () => server.stop?.()).resume();`,
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const gone = once(keeper, 'exit');
  const stop = async (): Promise<void> => {
    keeper.stdin.end();
    await gone;
  };
  for await (const url of createInterface(keeper.stdout)) {
    if (url !== '') return { url, stop };
    await stop();
    return undefined;
  }
  throw new Error('Redis did not start');
}
