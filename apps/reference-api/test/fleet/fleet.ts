import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { type Api, type Environment, newFolder, startApi } from '../support/api.js';
import { signingKey } from '../support/signing-key.js';

/** Four processes of the API, on all its frameworks, that share a database, a Redis and their secrets. */
export interface Fleet {
  readonly apis: readonly Api[];
  /** How many requests one client may send. */
  readonly limit: number;
  /** What each process said of its circuit since a time, in its order. */
  transitions(since: number): Transition[][];
  stop(): Promise<void>;
}

/** A line of a log about the circuit. */
export interface Transition {
  readonly code: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const frameworks = ['express', 'fastify', 'koa', 'express'] as const;

/** Starts the four; the first one alone, because it migrates the database. */
export async function startFleet(limit: number, database: string, environment: Environment): Promise<Fleet> {
  const folder = newFolder();
  const secret = (): string => randomBytes(32).toString('base64url');
  const shared = {
    SIGNING_KEYS: JSON.stringify({ keys: [signingKey] }),
    PASSWORD_PEPPER: secret(),
    DEVICE_KEY: secret(),
    LIMIT_KEY: secret(),
    DATABASE_URL: database,
    TRUST_PROXY: '127.0.0.1/32',
    API_LIMIT: String(limit),
    ...environment,
  };
  const apis: Api[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(apis.map((api) => api.kill()));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const start = async (framework: string): Promise<void> => {
    apis.push(await startApi({ ...shared, FRAMEWORK: framework }, folder));
  };
  try {
    const [first, ...rest] = frameworks;
    await start(first);
    await Promise.all(rest.map(start));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    apis,
    limit,
    transitions: (since) => apis.map((api) => transitionsIn(api.output()).filter(({ at }) => at >= since)),
    stop,
  };
}

function transitionsIn(output: string): Transition[] {
  return output
    .split('\n')
    .filter((line) => line.includes('"REDIS_CIRCUIT_') && line.includes('"from"'))
    .map((line) => {
      const { code, at } = JSON.parse(line) as { code: string; at: string }; // a line of the API's own log
      return { code, at: Date.parse(at) };
    });
}
