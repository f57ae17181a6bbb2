import type { Client, Received, Sent } from './client.js';
import type { Line, Report } from './report.js';

/** What an answer must be like. */
export interface Due {
  readonly status: number;
  /** The problem's code. */
  readonly code?: string;
  /** What else must hold of it; says what doesn't. */
  readonly also?: (received: Received) => string | undefined;
}

/** Leads through the steps and notes what came of each. */
export interface Guide {
  readonly lines: readonly Line[];
  chapter(title: string): void;
  /** A step of somebody honest. The tour can't go on without it. */
  honest(what: string, request: Sent, due: Due & { readonly shows?: string }): Promise<Received>;
  /** A step of an attacker, and the guard that must stop it. */
  attack(what: string, request: Sent, due: Due & { readonly guard: string }): Promise<Received>;
}

/** The tour ends here, for a reason that is no guard's: it was not taken to its end. */
export class Interrupted extends Error {}

/** An honest step failed, and what comes next stands on it. */
export class Broken extends Error {}

/** Makes a guide. */
export function createGuide(client: Client, report: Report): Guide {
  const lines: Line[] = [];

  async function step(
    kind: Line['kind'],
    what: string,
    request: Sent,
    due: Due,
    note: string,
  ): Promise<{ received: Received; problem: string | undefined }> {
    const received = await client.send(request);
    if (received.status === 429 && due.status !== 429) throw new Interrupted(limited(received));
    const problem = judge(received, due);
    const [path = ''] = request.path.split('?', 1);
    const line = {
      kind,
      what,
      sent: `${request.method} ${path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, '…')}`,
      back: told(received.status, received.code),
      note: problem === undefined ? note : '',
      problem,
    };
    lines.push(line);
    report.line(line);
    return { received, problem };
  }

  return {
    lines,
    chapter: report.chapter,
    async honest(what, request, due) {
      const { received, problem } = await step('honest', what, request, due, due.shows ?? '');
      if (problem !== undefined)
        throw new Broken('What comes next stands on this step, so the tour ends here.');
      return received;
    },
    async attack(what, request, due) {
      return (await step('attack', what, request, due, due.guard)).received;
    },
  };
}

/** What is wrong with an answer, in words; nothing when it is what was due. */
export function judge(received: Received, { status, code, also }: Due): string | undefined {
  if (received.status !== status || (code !== undefined && received.code !== code)) {
    return `${told(status, code)} was due, ${told(received.status, received.code)} came back`;
  }
  return also?.(received);
}

function told(status: number, code: string | undefined): string {
  return code === undefined ? String(status) : `${status} ${code}`;
}

function limited({ headers }: Received): string {
  const seconds = headers.get('retry-after');
  return (
    `The API's own limit stopped the tour (429 RATE_LIMITED)${seconds ? `; it opens again in ${seconds} s` : ''}.\n` +
    'That is a guard at work, and none gave way. Wait, or start the API again: without REDIS_URL its limits are in memory.'
  );
}
