import { expect } from 'vitest';
import type { Received } from './client.js';

/** What every error is answered as. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: string;
  readonly requestId: string;
  readonly errors?: readonly { readonly path: string; readonly code: string; readonly message: string }[];
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The request and its answer in short, for the message of a failed expectation. */
export function shown({ method, path, status, text }: Received): string {
  return `${method} ${path} → ${status} ${text.slice(0, 300)}`;
}

/** Expects a status, and the headers that stand on every answer. */
export function expectStatus(answer: Received, status: number): void {
  expect(answer.status, shown(answer)).toBe(status);
  expectCommonHeaders(answer);
}

/** Expects a problem with all of its members, and gives it. */
export function expectProblem(answer: Received, status: number, code: string): ProblemBody {
  expectStatus(answer, status);
  expect(answer.headers['content-type'], shown(answer)).toBe('application/problem+json');
  expect(answer.headers['cache-control'], shown(answer)).toBe('no-store');
  const problem = answer.json<ProblemBody>();
  expect(problem, shown(answer)).toMatchObject({ status, code, requestId: answer.headers['x-request-id'] });
  const members = ['type', 'title', 'status', 'detail', 'instance', 'code', 'requestId'];
  const known = problem.errors ? [...members, 'errors'] : members;
  expect(Object.keys(problem).sort(), shown(answer)).toEqual(known.sort());
  expect(problem.requestId).toMatch(uuid);
  return problem;
}

/** Expects a 422 that points at one member and names what is wrong with it. */
export function expectInvalid(answer: Received, path: string, code: string): void {
  const { errors } = expectProblem(answer, 422, 'VALIDATION_FAILED');
  expect(errors, shown(answer)).toContainEqual({ path, code, message: expect.any(String) });
}

/** How many requests the client has left, as the `RateLimit` header tells. */
export function remaining({ headers }: Received): number {
  return Number(/;r=(\d+)/.exec(String(headers.ratelimit))?.[1] ?? Number.NaN);
}

function expectCommonHeaders(answer: Received): void {
  const { headers, path } = answer;
  const what = shown(answer);
  expect(headers['x-request-id'], what).toMatch(uuid);
  expect(headers['x-content-type-options'], what).toBe('nosniff');
  expect(headers['content-security-policy'], what).toContain("default-src 'none'");
  expect(headers['x-powered-by'], what).toBeUndefined();
  if (!path.startsWith('/api/')) return;
  expect(headers['ratelimit-policy'], what).toMatch(/^"api";q=\d+;w=900/);
  expect(remaining(answer), what).toBeGreaterThanOrEqual(0);
}
