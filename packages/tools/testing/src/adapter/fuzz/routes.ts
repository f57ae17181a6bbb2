import { type HandlerContext, type RouteSecurity, route } from '@secapi/core';
import { fields, strictObject } from '@secapi/validation';
import * as v from 'valibot';
import { formAnswer, formRoute } from '../form-route.js';
import type { HarnessRoute } from '../harness.js';
import type { RouteDraft } from '../world.js';
import { unlawful, unlawfulForm } from './lawful.js';

const everything: RouteSecurity = route({
  access: 'public',
  params: strictObject({ id: fields.uuid() }),
  query: strictObject({
    limit: fields.limit(),
    q: v.optional(fields.searchText()),
    sort: fields.sort(['createdAt', 'title']),
  }),
  headers: strictObject({
    'x-tenant': v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(20), v.regex(/^[a-z0-9-]+$/))),
  }),
  cookies: strictObject({ theme: v.optional(fields.role(['dark', 'light']), 'light') }),
  body: strictObject({
    title: fields.title({ max: 50 }),
    count: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000))),
    tags: v.optional(v.pipe(v.array(v.pipe(v.string(), v.maxLength(20))), v.maxLength(5))),
  }),
});

/** The routes that are fuzzed: what their handlers see is judged once more, and said in the answer. */
export function fuzzRoutes(add: (path: string, more: RouteDraft) => HarnessRoute): HarnessRoute[] {
  const judge = (rule: typeof unlawful) => (context: HandlerContext | undefined) => ({
    seen: rule(context as unknown as Readonly<Record<string, unknown>>) ?? 'lawful', // looked at as what anybody could have made it
  });
  return [
    add('/fuzz/:id', { method: 'PUT', security: everything, run: judge(unlawful) }),
    add('/fuzz-form', {
      method: 'POST',
      security: formRoute,
      run: (context) => ({ ...judge(unlawfulForm)(context), ...Object(formAnswer(context)) }),
    }),
    add('/fuzz-parsed/:id', {
      method: 'PUT',
      security: everything,
      parsedByFramework: true,
      run: judge(unlawful),
    }),
  ];
}
