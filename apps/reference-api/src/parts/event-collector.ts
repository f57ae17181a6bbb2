import type { AccountEvent } from '@secapi/accounts';
import type { SecurityEvent } from '@secapi/audit';
import type { Exchange } from '@secapi/core';

/** Gives the events of a flow to the exchange that it runs in, so that the answer waits until the trail holds them. */
export interface EventCollector {
  /** Runs a flow, which is told the id that its events must bear. */
  within<T>(exchange: Exchange, flow: (requestId: string) => Promise<T>): Promise<T>;
  /** For `onEvent`: the events of work that no answer waits for go straight to `later`. */
  collect(event: AccountEvent): void;
}

/** Makes a collector; `later` gets what belongs to no exchange any more. */
export function createEventCollector(later: (event: SecurityEvent) => void): EventCollector {
  const underWay = new Map<string, Exchange>();

  async function within<T>(exchange: Exchange, flow: (requestId: string) => Promise<T>): Promise<T> {
    let id = exchange.id;
    // A proxy may give an id twice, and the events of one request must not become another's.
    for (let turn = 2; underWay.has(id); turn++) id = `${exchange.id}.${turn}`;
    underWay.set(id, exchange);
    try {
      return await flow(id);
    } finally {
      underWay.delete(id);
    }
  }

  function collect(event: AccountEvent): void {
    const exchange = underWay.get(event.requestId ?? '');
    if (exchange) exchange.raise(event);
    else later(event);
  }

  return { within, collect };
}
