import { median, rotate, wobble } from '../stats.js';
import { type Cores, pin } from './cores.js';
import { load } from './load.js';
import { type Mix, mixes, requestsOf } from './requests.js';
import { type ServerProcess, startServer } from './server-process.js';
import { type Framework, frameworks, type Stack, stacks } from './stack.js';
import { verify } from './verify.js';
import { createTokens, createWorld, type Tokens } from './world.js';

/** How long and how often. */
export interface EndToEndPlan {
  readonly connections: number;
  readonly rounds: number;
  readonly warmUp: number;
  readonly milliseconds: number;
  readonly manyTokens: number;
  readonly frameworks: readonly Framework[];
}

/** One stack on one framework under one mix: medians of its rounds. */
export interface Cell {
  readonly framework: Framework;
  readonly stack: Stack;
  readonly mix: Mix;
  readonly perSecond: number;
  /** Processor time of the server for one answer, in microseconds. */
  readonly micros: number;
  /** How busy the server's core was: below 0.9 the load was the bottleneck, and `micros` is what counts. */
  readonly busy: number;
  readonly wobble: number;
}

export interface EndToEnd {
  readonly plan: EndToEndPlan;
  readonly cores: Cores | undefined;
  readonly cells: readonly Cell[];
}

interface Series {
  readonly server: ServerProcess;
  readonly mix: Mix;
  readonly tokens: Tokens;
  readonly perSecond: number[];
  readonly micros: number[];
  readonly busy: number[];
}

/** Measures all stacks on all frameworks in one interleaved run. */
export async function endToEnd(plan: EndToEndPlan, say: (line: string) => void): Promise<EndToEnd> {
  const cores = pin();
  const world = await createWorld();
  const hmac = await createTokens(world.hmac, plan.manyTokens);
  const pair = await createTokens(world.pair, plan.manyTokens);
  const servers: ServerProcess[] = [];
  try {
    for (const framework of plan.frameworks) {
      for (const stack of stacks) servers.push(await startServer(framework, stack, world, cores));
    }
    const tokensOf = (server: ServerProcess): Tokens => (server.stack === 'secapi' ? pair : hmac);
    for (const server of servers) await verify(server, tokensOf(server));
    say(`${servers.length} servers answer as they should; warming up`);
    const series = mixes.flatMap((mix) =>
      servers
        .filter(({ stack }) => isWanted(stack, mix))
        .map(
          (server): Series => ({
            server,
            mix,
            tokens: tokensOf(server),
            perSecond: [],
            micros: [],
            busy: [],
          }),
        ),
    );
    await warmUp(series, plan);
    for (let round = 0; round < plan.rounds; round++) {
      say(`round ${round + 1} of ${plan.rounds}`);
      for (const one of inTurn(series, round)) await measure(one, plan);
    }
    return { plan, cores, cells: series.map(cell) };
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

/**
 * Lets every server see every mix, also those that are not measured on it: else a stack that is measured under one mix alone
 * would run code that is less compiled than the others'.
 */
async function warmUp(series: readonly Series[], plan: EndToEndPlan): Promise<void> {
  const servers = new Map(series.map(({ server, tokens }) => [server, tokens]));
  for (const [server, tokens] of servers) {
    for (const mix of mixes) {
      await stretch({ server, tokens, mix, perSecond: [], micros: [], busy: [] }, plan, plan.warmUp);
    }
  }
}

function isWanted(stack: Stack, mix: Mix): boolean {
  return stack !== 'floor' || mix === 'get' || mix === 'post';
}

/** Mixes and frameworks in rotated order, and the stacks of one framework beside each other, rotated too. */
function inTurn(series: readonly Series[], round: number): Series[] {
  return rotate(mixes, round).flatMap((mix) =>
    rotate(frameworks, round).flatMap((framework) =>
      rotate(
        series.filter((one) => one.mix === mix && one.server.framework === framework),
        round,
      ),
    ),
  );
}

async function stretch({ server, mix, tokens }: Series, plan: EndToEndPlan, milliseconds: number) {
  const requests = requestsOf(mix, server.stack, tokens);
  const done = await load(server.port, requests, { connections: plan.connections, milliseconds });
  if (done.wrong.size > 0) {
    const what = [...done.wrong].map(([name, times]) => `${name} (${times} times)`).join(', ');
    throw new Error(`${server.framework} ${server.stack}, ${mix}: wrong answers under load: ${what}`);
  }
  return done;
}

async function measure(series: Series, plan: EndToEndPlan): Promise<void> {
  const { server } = series;
  const before = await server.usage();
  const { answers, seconds } = await stretch(series, plan, plan.milliseconds);
  const { cpu } = await server.usage();
  series.perSecond.push(answers / seconds);
  series.micros.push(((cpu - before.cpu) * 1_000) / answers);
  series.busy.push((cpu - before.cpu) / 1_000 / seconds);
}

function cell({ server, mix, perSecond, micros, busy }: Series): Cell {
  const { framework, stack } = server;
  return {
    framework,
    stack,
    mix,
    perSecond: median(perSecond),
    micros: median(micros),
    busy: median(busy),
    wobble: wobble(perSecond),
  };
}
