import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient } from './client.js';
import { until } from './wait.js';

const entry = join(import.meta.dirname, '../../dist/index.js');

/** The environment of an API. */
export type Environment = Readonly<Record<string, string>>;

/** A mail of the outbox. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly token: string | null;
}

/** How a process ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The API in a process of its own, with a folder of its own. */
export interface Api extends Client {
  readonly port: number;
  readonly folder: string;
  readonly ended: Promise<Ended>;
  /** All that it printed. */
  output(): string;
  /** Waits for a mail to this address that nobody has read yet. */
  mail(to: string): Promise<Mail>;
  signal(name: NodeJS.Signals): void;
  /** Kills it if it still runs; its folder stays. */
  kill(): Promise<void>;
  /** Kills it if it still runs, and deletes its folder. */
  remove(): Promise<void>;
}

/** What comes of a start: an API that answers, or a process that ended before it did. */
export interface Launch {
  readonly api: Api | undefined;
  readonly ended: Ended | undefined;
  readonly output: string;
}

/** A new folder to run an API in. */
export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'secapi-api-'));
}

/** Starts the API and waits until it says where it listens. */
export async function startApi(environment: Environment, folder?: string): Promise<Api> {
  const { api, ended, output } = await launchApi(environment, folder);
  if (api) return api;
  throw new Error(`the API ended with ${ended?.code ?? ended?.signal} before it was ready:\n${output}`);
}

/** Starts the API and waits until it listens or has ended. */
export async function launchApi(environment: Environment, given?: string): Promise<Launch> {
  const folder = given ?? newFolder();
  const outbox = join(folder, 'outbox');
  const child = spawn(process.execPath, [entry], {
    cwd: folder,
    env: { PATH: process.env.PATH, PORT: '0', MAIL_OUTBOX: outbox, DATABASE_URL: 'memory:', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const orphan = (): void => void child.kill('SIGKILL');
  process.once('exit', orphan);
  const outcome = { ended: undefined as Ended | undefined };
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => {
      process.off('exit', orphan);
      outcome.ended = { code, signal };
      resolve(outcome.ended);
    });
  });
  const output = collect(child);
  const port = await until(
    'the API to listen or to end',
    () => (outcome.ended ? 0 : /https?:\/\/[^\s/:]+:(\d+)/.exec(output.stdout())?.[1]),
    60_000,
  );
  if (outcome.ended) {
    if (given === undefined) rmSync(folder, { recursive: true, force: true });
    return { api: undefined, ended: outcome.ended, output: output.all() };
  }

  async function kill(): Promise<void> {
    client.close();
    if (!outcome.ended) child.kill('SIGKILL');
    await ended;
  }

  const client = createClient(Number(port));
  const api: Api = {
    ...client,
    port: Number(port),
    folder,
    ended,
    output: output.all,
    mail: mailbox(outbox),
    signal: (name) => void child.kill(name),
    kill,
    async remove() {
      await kill();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  return { api, ended: undefined, output: output.all() };
}

function collect(child: ChildProcess): { stdout(): string; all(): string } {
  let stdout = '';
  let all = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    all += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    all += text;
  });
  return { stdout: () => stdout, all: () => all };
}

function mailbox(outbox: string): Api['mail'] {
  const read = new Set<string>();
  return (to) =>
    until(`a mail to ${to}`, () => {
      const files = existsSync(outbox) ? readdirSync(outbox).sort() : [];
      for (const file of files) {
        if (!file.endsWith('.json') || read.has(file)) continue;
        const mail = JSON.parse(readFileSync(join(outbox, file), 'utf8')) as Mail; // as the contract has it
        if (mail.to !== to) continue;
        read.add(file);
        return mail;
      }
      return undefined;
    });
}
