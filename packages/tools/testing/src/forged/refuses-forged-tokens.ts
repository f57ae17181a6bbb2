import { forgedTokens } from './forged-tokens.js';
import type { ForgedToken, ForgeryInput } from './parts.js';

/** What is attacked, and how. */
export interface ForgeryRun extends ForgeryInput {
  /** Shows a token to the API as a client would, and answers with the HTTP status. */
  readonly send: (token: string) => number | Promise<number>;
  /** `'header'` leaves out tokens that no HTTP client can send in a header; for a verifier that is called directly, `'any'`. @default 'header' */
  readonly transport?: 'header' | 'any';
}

/** How it went. */
export interface ForgeryReport {
  /** How many forged tokens were refused. */
  readonly refused: number;
  /** Those that were not sent, because they don't fit into a header. */
  readonly unsent: readonly string[];
}

const forgedBetweenHonest = 10;
const mostNamedOfRow = 5;

/**
 * Shows every forged token to an API, and the honest one before, in between and after: so an API that refuses everybody fails too, and so
 * does one whose caches or patterns let one token decide on another.
 *
 * @throws Error with the names of the tokens that were not refused with a status of 400 to 499, but 429; never with a token (as a rejection)
 */
export async function refusesForgedTokens({
  send,
  transport = 'header',
  ...input
}: ForgeryRun): Promise<ForgeryReport> {
  const forged = await forgedTokens(input);
  const sent = forged.filter(({ fitsHeader }) => transport === 'any' || fitsHeader);
  const wrong = new Map<string, string[]>(); // by row, in which one is usually like the other

  function note(row: string, text: string): void {
    wrong.set(row, [...(wrong.get(row) ?? []), `${row} ${text}`]);
  }

  async function showHonest(when: string): Promise<void> {
    const status = await send(input.token);
    if (status >= 400) note('the honest token', `${when}: ${status}`);
  }

  async function showForged({ row, name, token }: ForgedToken): Promise<void> {
    const status = await send(token);
    if (status < 400 || status >= 500 || status === 429) note(`#${row}`, `${name}: ${status}`);
  }

  await showHonest('at the start');
  for (const [index, each] of sent.entries()) {
    await showForged(each);
    if (index % forgedBetweenHonest === 0) await showHonest(`after #${each.row} ${each.name}`);
  }
  await showHonest('at the end');
  if (wrong.size > 0) throw new Error(`not as it must be:\n${[...wrong.values()].map(summary).join('\n')}`);
  return {
    refused: sent.length,
    unsent: forged.filter((each) => !sent.includes(each)).map(({ name }) => name),
  };
}

function summary(lines: readonly string[]): string {
  const rest = lines.length - mostNamedOfRow;
  return [...lines.slice(0, mostNamedOfRow), ...(rest > 0 ? [`and ${rest} more of these`] : [])].join('\n');
}
