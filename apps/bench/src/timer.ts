import { median, rotate, wobble } from './stats.js';

/** One way of doing a piece of work, as one call. */
export interface Contender {
  readonly name: string;
  run(): unknown;
  /** How many calls are under way at once, of which each is waited for; left out, calls are synchronous. */
  readonly inFlight?: number;
}

/** What one call of a contender took, in nanoseconds. */
export interface Timing {
  readonly name: string;
  readonly nanos: number;
  readonly wobble: number;
}

export interface TimerPlan {
  readonly rounds: number;
  readonly milliseconds: number;
}

interface Lane {
  readonly contender: Contender;
  readonly times: number;
  readonly nanos: number[];
}

/** Holds the result of the last call, so that no work is optimised away. */
const kept: { result: unknown } = { result: undefined };

/** Times contenders beside each other: warmed up, in interleaved rounds, in rotated order. */
export async function compare(contenders: readonly Contender[], plan: TimerPlan): Promise<Timing[]> {
  const lanes: Lane[] = [];
  for (const contender of contenders)
    lanes.push({ contender, times: await calibrate(contender, plan), nanos: [] });
  for (let round = 0; round < plan.rounds; round++) {
    for (const { contender, times, nanos } of rotate(lanes, round)) nanos.push(await spell(contender, times));
  }
  return lanes.map(({ contender, nanos }) => ({
    name: contender.name,
    nanos: median(nanos),
    wobble: wobble(nanos),
  }));
}

/** How many calls fill a round; finding out is the warm-up, which ends only when there was enough of it. */
async function calibrate(contender: Contender, { milliseconds }: TimerPlan): Promise<number> {
  const enough = milliseconds * 5_000_000;
  let times = 16;
  for (let spent = 0; ; ) {
    const nanos = await spell(contender, times);
    spent += nanos * times;
    const fill = Math.ceil((milliseconds * 1_000_000) / nanos);
    if (spent > enough) return fill;
    times = Math.min(times * 2, fill);
  }
}

async function spell({ run, inFlight }: Contender, times: number): Promise<number> {
  const start = process.hrtime.bigint();
  if (inFlight === undefined) for (let i = 0; i < times; i++) kept.result = run();
  else if (inFlight === 1) for (let i = 0; i < times; i++) kept.result = await run();
  else {
    for (let i = 0; i < times; i += inFlight) {
      const calls: unknown[] = [];
      for (let call = 0; call < inFlight; call++) calls.push(run());
      kept.result = await Promise.all(calls);
    }
  }
  const took = Number(process.hrtime.bigint() - start);
  return took / (inFlight === undefined ? times : Math.ceil(times / inFlight) * inFlight);
}
