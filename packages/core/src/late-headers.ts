import type { HeaderList } from '@secapi/http';
import type { Exchange } from './exchange.js';

/** What is known of an answer when its head is written. */
export interface AnswerHead {
  readonly status: number;
  /** A header that the handler or its framework has set on the answer, by its lower-case name. */
  header(name: string): string | undefined;
}

/** The headers of an answer, in place of the exchange's. */
export interface HeadHeaders {
  /** Written where the answer doesn't have its own; `vary` and `set-cookie` add up. */
  readonly beside: HeaderList;
  /** Written in place of the answer's own. */
  readonly over: HeaderList;
}

/** Decides which headers go out with an answer, at the moment its head is written. */
export type LateHeaders = (exchange: Exchange, head: AnswerHead) => HeadHeaders;
