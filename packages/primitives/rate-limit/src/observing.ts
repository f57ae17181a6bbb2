import { andThen, isPromise, type MaybePromise } from '@secapi/kernel';
import type { LimitRequest, Reservation, RuleState } from './reservation.js';

type Decide = (requests: readonly LimitRequest[]) => MaybePromise<Reservation>;

/**
 * Decides requests of which some are only watched. Those are counted each by itself, after the others let the request through, so that
 * they neither refuse it nor keep another from being counted.
 */
export function reserveObserving(
  requests: readonly LimitRequest[],
  decide: Decide,
): MaybePromise<Reservation> {
  const enforced = requests.filter((request) => request.observe !== true);
  const watched = requests.filter((request) => request.observe === true);
  return andThen(enforced.length === 0 ? unlimited : decide(enforced), (first) => {
    if (!first.allowed) return first;
    const decided: MaybePromise<Reservation>[] = watched.map((request) => decide([request]));
    const reservations = decided.filter((one): one is Reservation => !isPromise(one));
    if (reservations.length === decided.length) return joined(first, reservations);
    return Promise.all(decided).then((late) => joined(first, late));
  });
}

const unlimited: Reservation = {
  allowed: true,
  states: [],
  observed: [],
  decidedBy: 'store',
  refund() {},
  release() {},
};

function joined(first: Reservation, watched: readonly Reservation[]): Reservation {
  const all = [first, ...watched];
  const observed: RuleState[] = watched.flatMap(({ states }) => states);
  return {
    allowed: first.allowed,
    states: first.states,
    observed,
    decidedBy: first.decidedBy,
    refund: (of) => each(all.map((one) => one.refund(of))),
    release: () => each(all.map((one) => one.release())),
  };
}

function each(done: readonly MaybePromise<void>[]): MaybePromise<void> {
  if (done.some((one) => one !== undefined)) return Promise.all(done).then(() => undefined);
}
