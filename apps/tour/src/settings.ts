import { parseArgs } from 'node:util';

/** Where the API is, and where its mails go. */
export interface Settings {
  readonly url: string;
  readonly outbox: string;
}

const usage =
  'usage: npm run tour -- [--url http://127.0.0.1:3000] [--outbox .data/outbox]\n' +
  'The environment may say it too: API_URL, MAIL_OUTBOX.';

/** Reads the settings: arguments first, then the environment, then what `npm start` uses. */
export function readSettings(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Settings | { readonly problem: string } {
  let given: { url?: string | undefined; outbox?: string | undefined };
  try {
    given = parseArgs({
      args: [...args],
      options: { url: { type: 'string' }, outbox: { type: 'string' } },
    }).values;
  } catch (error) {
    return { problem: `${error instanceof Error ? error.message : 'bad arguments'}\n${usage}` };
  }
  const url = given.url || env.API_URL || 'http://127.0.0.1:3000';
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    return { problem: `'${url}' is no http or https address\n${usage}` };
  }
  return { url: new URL(url).origin, outbox: given.outbox || env.MAIL_OUTBOX || '.data/outbox' };
}
