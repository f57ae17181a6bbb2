import type { SecurityEvent } from '@secapi/audit';
import type { HeaderList } from '@secapi/http';
import type { MaybePromise } from '@secapi/kernel';
import type { CatalogueCode } from './catalogue.js';
import type { Exchange } from './exchange.js';
import type { ProblemIssue } from './problem.js';
import type { Reply } from './reply.js';

/** Why a guard ends a request: the one value that the answer, the event and the metric are made from. */
export interface Refusal {
  readonly code: CatalogueCode;
  readonly headers?: HeaderList;
  readonly errors?: readonly ProblemIssue[];
  /** The event that tells of it; address, request id and actor are filled in. @default none */
  readonly event?: SecurityEvent;
}

/** What a guard says of a request: nothing to let it pass, a refusal, or a whole answer such as a preflight's. */
export type GuardOutcome = Refusal | { readonly reply: Reply } | undefined;

/**
 * A name and a function of the exchange, run before routing; synchronous where it can be.
 *
 * A guard that throws ends the request with a 500 and an event; it never lets it pass (ASVS v5.0.0-16.5.3).
 */
export interface Guard {
  readonly name: string;
  enter(exchange: Exchange): MaybePromise<GuardOutcome>;
}

/** `enforce` refuses; `observe` lets pass and reports what would have been refused, with the same value. */
export type GuardMode = 'enforce' | 'observe';
