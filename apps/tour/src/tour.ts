import { accounts } from './chapters/accounts.js';
import { browsers } from './chapters/browsers.js';
import { posts } from './chapters/posts.js';
import { sessions } from './chapters/sessions.js';
import { signOut } from './chapters/sign-out.js';
import { slips } from './chapters/slips.js';
import { tokens } from './chapters/tokens.js';
import { createClient, Unreachable } from './client.js';
import { Broken, createGuide, Interrupted } from './guide.js';
import { openOutbox } from './outbox.js';
import { createReport, type ReportOptions } from './report.js';
import type { Settings } from './settings.js';

/** 0: every guard held; 1: one gave way, or an honest step failed; 2: the tour could not be taken. */
export type ExitCode = 0 | 1 | 2;

/**
 * Takes the tour and says what came of it.
 *
 * @param options.patience how long a mail may take, in milliseconds. @default 5,000
 */
export async function takeTour(
  options: Settings & ReportOptions & { readonly patience?: number },
): Promise<ExitCode> {
  const begin = performance.now();
  const client = createClient(options.url);
  const report = createReport(options);
  const guide = createGuide(client, report);
  let interrupted = false;
  try {
    await client.send({ method: 'GET', path: '/healthz' });
    report.opening(options.url);
    const people = await accounts(guide, openOutbox(options.outbox, options.patience), options.outbox);
    await tokens(guide, people);
    await posts(guide, people);
    await browsers(guide, people);
    await sessions(guide, people);
    await slips(guide, people);
    await signOut(guide, people);
  } catch (error) {
    if (error instanceof Unreachable && guide.lines.length === 0) {
      report.text(notThere(options.url));
      return 2;
    }
    interrupted = error instanceof Interrupted;
    if (!interrupted && !(error instanceof Broken) && !(error instanceof Unreachable)) throw error;
    report.text(`\n${error instanceof Error ? error.message : ''}`);
  }
  report.closing(guide.lines, client.count, performance.now() - begin);
  if (guide.lines.some((line) => line.problem !== undefined)) return 1;
  return interrupted ? 2 : 0;
}

function notThere(url: string): string {
  return [
    `Nothing answers at ${url}.`,
    'Start the API in another terminal with  npm start  and take the tour again;',
    'for another address:  npm run tour -- --url http://127.0.0.1:3001',
  ].join('\n');
}
