import type { AccountEvent } from '@secapi/accounts';
import type { SecurityEvent } from '@secapi/audit';
import type { Exchange } from '@secapi/core';
import { expect, it } from 'vitest';
import { createEventCollector } from '../src/parts/event-collector.js';

/** As much of an exchange as the collector looks at. */
function exchangeOf(id: string): { exchange: Exchange; raised: SecurityEvent[] } {
  const raised: SecurityEvent[] = [];
  const exchange = { id, raise: (event: SecurityEvent) => void raised.push(event) };
  return { exchange: exchange as unknown as Exchange, raised };
}

it('gives each request its own events, also where a proxy gave two of them one id', async () => {
  const later: SecurityEvent[] = [];
  const { within, collect } = createEventCollector((event) => later.push(event));
  const [one, other] = [exchangeOf('the-same-id'), exchangeOf('the-same-id')];
  const event = (requestId: string, actor: string): AccountEvent => ({
    event: 'authn_login_success',
    outcome: 'success',
    actor,
    requestId,
  });
  let go = (): void => {};
  const both = new Promise<void>((resolve) => {
    go = resolve;
  });

  const flows = [
    within(one.exchange, async (id) => {
      await both;
      collect(event(id, 'one'));
      return id;
    }),
    within(other.exchange, async (id) => {
      await both;
      collect(event(id, 'other'));
      return id;
    }),
  ];
  go();
  const [first, second] = await Promise.all(flows);
  expect(first).toBe('the-same-id');
  expect(second).toMatch(/^the-same-id\./);
  expect(one.raised.map(({ actor }) => actor)).toEqual(['one']);
  expect(other.raised.map(({ actor }) => actor)).toEqual(['other']);
  expect(later).toEqual([]);

  // What comes once the flow is over belongs to no exchange any more, and still names the request.
  collect(event(second ?? '', 'late'));
  expect(later.map(({ actor, requestId }) => [actor, requestId])).toEqual([['late', second]]);
});
