import { expect, it } from 'vitest';
import { createTrail, memoryTrailStore } from '../src/index.js';

it("the README's example holds", async () => {
  const trail = createTrail({ store: memoryTrailStore() });
  await trail.append([
    { event: 'authn_login_fail', outcome: 'failure', target: 'ada', address: '192.0.2.1' },
    {
      event: 'privilege_permissions_changed',
      outcome: 'success',
      actor: 'root',
      target: 'ada',
      details: { role: 'admin' },
    },
  ]);
  const { items } = await trail.list({ limit: 50 });
  expect(items.map((entry) => entry.event)).toEqual(['privilege_permissions_changed', 'authn_login_fail']);
  expect(await trail.verify()).toEqual({ ok: true, entries: 2, head: items[0]?.hash });
});
