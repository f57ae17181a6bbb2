import type { LifecycleRunner } from '../runner.js';
import type { Received, Sent } from './client.js';
import type { World } from './world.js';

/** The headers that every answer bears, whatever it is. */
export const securityHeaders: readonly string[] = [
  'content-security-policy',
  'x-content-type-options',
  'referrer-policy',
  'x-frame-options',
  'x-request-id',
  'cache-control',
];

/** What the cases of the adapter suite are written with. */
export interface SuiteTools {
  readonly expect: LifecycleRunner['expect'];
  /** Declares a case, unless the harness says why its framework can't do it. */
  check(title: string, body: () => Promise<void>, timeout?: number): void;
  /** Sends one request to the application under test. */
  ask(sent: Sent): Promise<Received>;
  /** How often the handler of a path ran. */
  count(path: string): number;
  /** Expects a whole problem of this status and code, with every security header and no header that tells of the server. */
  expectProblem(answer: Received, status: number, code: string): void;
  /** The application under test; it is there once the tests run. */
  world(): World;
  /** The port it listens on; it is there once the tests run. */
  port(): number;
}
