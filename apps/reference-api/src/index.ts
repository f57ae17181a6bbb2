import { SecapiError } from '@secapi/kernel';
import { hardenServer, lastResort, stoppable } from '@secapi/node';
import { loadEnvironment } from './environment.js';
import { serveExpress } from './frameworks/express.js';
import { serveFastify } from './frameworks/fastify.js';
import { serveKoa } from './frameworks/koa.js';
import { reload } from './reload.js';
import { openServices } from './services.js';

/** The exit code of a configuration that makes no sense (EX_CONFIG of sysexits.h). */
const configurationError = 78;
const serve = { express: serveExpress, fastify: serveFastify, koa: serveKoa };
const misconfigured = new Set(['CONFIG_INVALID', 'SECRETS_INVALID']);

async function main(): Promise<void> {
  const environment = await loadEnvironment(process.env);
  const { config, secrets } = environment;
  const { app, log, keys, close } = await openServices(config, secrets);
  const server = await serve[config.framework](app);
  hardenServer(server);
  const stop = stoppable(server);
  lastResort({ stop, close, log });

  let ending = false;
  async function end(): Promise<void> {
    if (ending) return;
    ending = true;
    await stop();
    await close();
    process.exit(process.exitCode ?? 0);
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end().catch(die));
  // Of a terminal that is closed, the signal means what it always has.
  process.on('SIGHUP', () => void (process.stdout.isTTY ? end() : reload(environment, keys, log)).catch(die));

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.port, config.host, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : config.port;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  process.stdout.write(`listening on http://${host}:${port} (${config.framework})\n`);
}

/** Ends the process with what its operator must know, and no stack. */
function die(error: unknown): never {
  const known = error instanceof SecapiError;
  process.stderr.write(
    `${known ? error.message : error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error'}\n`,
  );
  process.exit(known && misconfigured.has(error.code) ? configurationError : 1);
}

main().catch(die);
