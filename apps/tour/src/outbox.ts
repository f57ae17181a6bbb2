import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { textOf } from './client.js';

/** The API's mail folder, read as a user reads a mailbox. */
export interface Outbox {
  /** The token of the mail to an address, once it has arrived; `undefined` when it doesn't. */
  tokenFor(address: string): Promise<string | undefined>;
}

/**
 * Opens the folder into which the API puts one JSON file per mail.
 *
 * @param patience how long a mail may take; in milliseconds
 */
export function openOutbox(folder: string, patience = 5_000): Outbox {
  const read = new Set<string>();
  const tokens = new Map<string, string>();

  async function look(): Promise<void> {
    const names = await readdir(folder).catch(() => []);
    for (const name of names.sort().reverse()) {
      if (read.has(name) || !name.endsWith('.json')) continue;
      read.add(name);
      const mail = parse(await readFile(join(folder, name), 'utf8').catch(() => ''));
      const [to, token] = [textOf(mail, 'to'), textOf(mail, 'token')];
      if (to !== undefined && token !== undefined && !tokens.has(to)) tokens.set(to, token);
    }
  }

  async function tokenFor(address: string): Promise<string | undefined> {
    const deadline = performance.now() + patience;
    for (;;) {
      await look();
      const token = tokens.get(address);
      if (token !== undefined || performance.now() > deadline) return token;
      await sleep(50);
    }
  }

  return { tokenFor };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
