import { SecapiError } from '@secapi/kernel';
import { hardenServer, stoppable } from '@secapi/node';
import { readConfig } from './config.js';
import { serveExpress } from './frameworks/express.js';
import { serveFastify } from './frameworks/fastify.js';
import { serveKoa } from './frameworks/koa.js';
import { loadSecrets } from './parts/secrets.js';
import { openServices } from './services.js';

/** The exit code of a configuration that makes no sense (EX_CONFIG of sysexits.h). */
const configurationError = 78;
const serve = { express: serveExpress, fastify: serveFastify, koa: serveKoa };
const misconfigured = new Set(['CONFIG_INVALID', 'SECRETS_INVALID']);

async function main(): Promise<void> {
  const { env } = process;
  const config = readConfig(env);
  const secrets = await loadSecrets({ env, production: config.production, dataFolder: config.dataFolder });
  const { app, log, close } = await openServices(config, secrets);
  const server = await serve[config.framework](app);
  hardenServer(server);
  const stop = stoppable(server);

  let ending = false;
  async function end(): Promise<void> {
    if (ending) return;
    ending = true;
    await stop();
    await close();
    process.exit(0);
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end().catch(die));
  process.on('unhandledRejection', (error) => log.error('a rejection was not handled', { error }));
  process.on('uncaughtException', (error) => {
    log.error('an exception was not handled', { error });
    process.exitCode = 1;
    void stop()
      .then(close)
      .finally(() => process.exit(1));
  });

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
