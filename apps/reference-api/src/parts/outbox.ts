import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mail, Mailer } from '@secapi/accounts';
import { uuidv7 } from '@secapi/kernel';

/** Where mails go in place of a mail server: one JSON file each, whole at once, named in the order of sending. */
export function createOutbox(folder: string): Mailer {
  async function send({ to, subject, text, token }: Mail): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const name = uuidv7();
    const draft = join(folder, `.${name}.draft`);
    await writeFile(draft, `${JSON.stringify({ to, subject, text, token: token ?? null }, null, 2)}\n`, {
      mode: 0o600,
    });
    await rename(draft, join(folder, `${name}.json`));
  }

  return { send };
}
