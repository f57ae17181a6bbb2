import { describe, expect, it } from 'vitest';
import { type Client, createClientResolver, createProxyWatch } from '../src/index.js';

const behindNobody = createClientResolver();

function clientOf(peer: string, resolve = behindNobody, xForwardedFor?: string): Client {
  const told = resolve({ peer, encrypted: false, host: 'api.example', xForwardedFor });
  if (!told.ok) throw new Error(told.reason);
  return told.client;
}

/** On which request, from 1, something is said. */
function firstProblem(requests: Iterable<readonly [Client, boolean]>): [number, string] | undefined {
  const watch = createProxyWatch();
  let at = 0;
  let found: [number, string] | undefined;
  for (const [client, isForwarded] of requests) {
    at += 1;
    const problem = watch(client, isForwarded);
    if (problem && found) throw new Error('said twice');
    if (problem) found = [at, problem.message];
  }
  return found;
}

function* times<T>(count: number, make: (i: number) => T): Iterable<T> {
  for (let i = 0; i < count; i++) yield make(i);
}

describe('the watch for a proxy that is not trusted', () => {
  it('says it once, when requests with forwarded headers all come from one private address', () => {
    const [at, message] = firstProblem(times(3_000, () => [clientOf('10.0.0.5'), true])) ?? [];
    expect(at).toBe(20);
    expect(message).toContain("you probably need trustProxy: ['10.0.0.5']");
  });

  it('says it without such headers as well, after more requests', () => {
    expect(firstProblem(times(3_000, () => [clientOf('192.168.7.7'), false]))?.[0]).toBe(1_000);
    expect(firstProblem(times(3_000, () => [clientOf('fd00::5'), false]))?.[0]).toBe(1_000);
  });

  it('names all machines of the proxy', () => {
    const found = firstProblem(times(50, (i) => [clientOf(`10.0.0.${5 + (i % 2)}`), true]));
    expect(found?.[1]).toContain("trustProxy: ['10.0.0.5', '10.0.0.6']");
  });

  it('says it of a proxy on this machine, and nothing of a developer on it', () => {
    expect(firstProblem(times(50, () => [clientOf('127.0.0.1'), true]))?.[0]).toBe(20);
    expect(firstProblem(times(5_000, () => [clientOf('::1'), false]))).toBeUndefined();
  });

  it('says it when the nearest proxy is trusted and the one behind it is not', () => {
    const nearest = createClientResolver({ trustProxy: ['10.0.0.5'] });
    const found = firstProblem(
      times(50, () => [clientOf('10.0.0.5', nearest, '203.0.113.4, 10.0.9.9'), true]),
    );
    expect(found?.[1]).toContain("trustProxy: ['10.0.9.9']");
  });

  it('says nothing where the proxy is trusted', () => {
    const trusting = createClientResolver({ trustProxy: ['10.0.0.5'] });
    const clients = times(
      3_000,
      (i) => [clientOf('10.0.0.5', trusting, `203.0.113.${i % 9}`), true] as const,
    );
    expect(firstProblem(clients)).toBeUndefined();
  });

  it('says nothing of public clients, of a network of private ones, or after it has seen either', () => {
    expect(firstProblem(times(3_000, () => [clientOf('203.0.113.4'), true]))).toBeUndefined();
    expect(firstProblem(times(3_000, (i) => [clientOf(`10.0.0.${i % 40}`), false]))).toBeUndefined();
    const watch = createProxyWatch();
    watch(clientOf('203.0.113.4'), false);
    for (let i = 0; i < 3_000; i++) expect(watch(clientOf('10.0.0.5'), true)).toBeUndefined();
  });
});
