import {
  answer,
  createShield,
  type Exchange,
  type Guard,
  isPromise,
  type Principal,
  type Shield,
  type ShieldConfig,
} from '@secapi/core';
import { collection, draft, find, path } from '../e2e/posts.js';
import { createPost, everything, readPost } from '../e2e/shield.js';
import { createTokens, createWorld, origin } from '../e2e/world.js';
import { type Table, time } from '../table.js';
import { type Contender, compare, type TimerPlan } from '../timer.js';
import { factsOf } from './facts.js';

const member: Principal = { id: 'member-0', roles: ['member'], session: 'session-of-member-0' };

/** What a shield costs without any framework: verb by verb, and guard by guard, by leaving each out. */
export async function guardTables(plan: TimerPlan): Promise<Table[]> {
  const { pair } = await createWorld();
  const { members } = await createTokens(pair, 1);
  const config = await everything(pair);
  const headers = {
    host: '127.0.0.1',
    origin,
    accept: 'application/json',
    authorization: `Bearer ${members[0]}`,
  };
  const text = JSON.stringify(draft);
  const reading = factsOf('GET', path, headers);
  const writing = factsOf(
    'POST',
    collection,
    { ...headers, 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) },
    Buffer.from(text),
  );
  const whole = createShield(config);
  await whole.enter(whole.open(reading)); // the token is new once
  const declaredRead = whole.declare(readPost);

  const verbs = await compare(
    [
      { name: 'open', run: () => whole.open(reading) },
      { name: 'open, enter', run: () => entered(whole, reading) },
      { name: 'open, enter, admit', run: () => whole.admit(entered(whole, reading), declaredRead, {}) },
      { name: 'all four, GET', run: () => wholeRead(whole, declaredRead, reading) },
      { name: 'all four, POST', run: () => wholeWrite(whole, writing), inFlight: 1 },
    ],
    plan,
  );
  const contenders: Contender[] = [{ name: 'all', run: () => wholeRead(whole, declaredRead, reading) }];
  for (const guard of config.guards) {
    const shield = createShield(without(config, guard));
    const declared = shield.declare(readPost);
    contenders.push({ name: guard.name, run: () => wholeRead(shield, declared, reading) });
  }
  const [all, ...rest] = await compare(contenders, plan);
  const total = all?.nanos ?? Number.NaN;
  return [
    {
      title: 'The shield alone: what each verb costs',
      note: 'No framework, no socket. GET with a token seen before; everything on.',
      head: ['verbs', 'time'],
      rows: verbs.map(({ name, nanos }) => [name, time(nanos)]),
    },
    {
      title: 'The shield alone: what each guard costs',
      note: `All four verbs of a GET take ${time(total)}; each row says how much less it is without that guard.`,
      head: ['guard', 'costs', 'share'],
      rows: rest.map(({ name, nanos }) => [
        name,
        `${((total - nanos) / 1_000).toFixed(2)} µs`,
        `${(((total - nanos) / total) * 100).toFixed(0)}%`,
      ]),
    },
  ];
}

/** The config without one guard; a principal is still there, since the routes demand one. */
function without(config: ShieldConfig<Principal>, left: Guard): ShieldConfig<Principal> {
  const known: Guard = {
    name: 'known',
    enter(exchange: Exchange) {
      exchange.principal = member;
      return undefined;
    },
  };
  const guards = config.guards.flatMap((guard) => {
    if (guard !== left) return [guard];
    return guard.name === 'authenticate' ? [known] : [];
  });
  return { ...config, guards };
}

function entered(shield: Shield<Principal>, facts: Parameters<Shield['open']>[0]): Exchange {
  const exchange = shield.open(facts);
  now(shield.enter(exchange));
  return exchange;
}

function wholeRead(
  shield: Shield<Principal>,
  declared: ReturnType<Shield<Principal>['declare']>,
  facts: Parameters<Shield['open']>[0],
): unknown {
  const exchange = entered(shield, facts);
  const admission = now(shield.admit(exchange, declared, {}));
  if (!admission.admitted) throw new Error(`not admitted: ${admission.reply.status}`);
  return now(shield.leave(exchange, answer(200, find())));
}

async function wholeWrite(shield: Shield<Principal>, facts: Parameters<Shield['open']>[0]): Promise<unknown> {
  const exchange = entered(shield, facts);
  const admission = await shield.admit(exchange, declarationOf(shield), {});
  if (!admission.admitted) throw new Error(`not admitted: ${admission.reply.status}`);
  return shield.leave(exchange, answer(201, find()));
}

const declarations = new WeakMap<object, ReturnType<typeof declareWrite>>();

function declarationOf(shield: Shield<Principal>): ReturnType<typeof declareWrite> {
  const known = declarations.get(shield) ?? declareWrite(shield);
  declarations.set(shield, known);
  return known;
}

function declareWrite(shield: Shield<Principal>) {
  return shield.declare(createPost);
}

/** A value that must be there at once: a promise here would mean that the fast path is lost. */
function now<T>(value: T | Promise<T>): T {
  if (isPromise(value)) throw new Error('the shield waits where it should not');
  return value;
}
