import { oddSpellings } from './paths.js';
import { type SuiteTools, securityHeaders } from './suite-tools.js';

/** Who gets in: the guard runs if and only if the handler runs. */
export function accessCases({ check, ask, count, expect, expectProblem, world }: SuiteTools): void {
  check('stops a handler that may not run, and runs one that may', async () => {
    expectProblem(await ask({ path: '/private/area' }), 401, 'UNAUTHENTICATED');
    expectProblem(
      await ask({ path: '/private/area', headers: { authorization: 'Bearer nonsense' } }),
      401,
      'INVALID_TOKEN',
    );
    expect(count('/private/area')).toEqual(0);
    const user = { authorization: await world().bearer() };
    expectProblem(await ask({ path: '/admin', headers: user }), 403, 'FORBIDDEN');
    expect(count('/admin')).toEqual(0);
    const inside = await ask({ path: '/private/area', headers: user });
    expect([inside.status, inside.json.id, count('/private/area')]).toEqual([200, 'user', 1]);
    expect(
      (await ask({ path: '/admin', headers: { authorization: await world().bearer('admin') } })).status,
    ).toEqual(200);
  });

  check('refuses two Authorization headers', async () => {
    const token = await world().bearer();
    expectProblem(
      await ask({ path: '/private/area', headers: { authorization: [token, token] } }),
      401,
      'INVALID_TOKEN',
    );
  });

  check('stands before an old handler as a middleware', async () => {
    expect((await ask({ path: '/old' })).text).toEqual('{"old":true}');
    expectProblem(await ask({ path: '/old-guarded' }), 401, 'UNAUTHENTICATED');
    expect(count('/old-guarded')).toEqual(0);
  });

  check('hides what is not the principal’s own like what is not there', async () => {
    const headers = { authorization: await world().bearer() };
    expect((await ask({ method: 'DELETE', path: '/owned/user', headers })).status).toEqual(200);
    expectProblem(await ask({ method: 'DELETE', path: '/owned/somebody', headers }), 404, 'NOT_FOUND');
    expectProblem(await ask({ method: 'DELETE', path: '/owned/none', headers }), 404, 'NOT_FOUND');
    expect(count('/owned/:id')).toEqual(1);
  });

  check('refuses a route without protect(), whose handler never runs', async () => {
    const headers = { authorization: await world().bearer('admin') };
    for (const path of ['/undeclared/plain', '/undeclared/7/deep', '/nested/inner']) {
      expectProblem(await ask({ path, headers }), 403, 'ACCESS_UNDECLARED');
      expect((await ask({ method: 'HEAD', path, headers })).status).toEqual(403);
      for (const odd of oddSpellings(path)) await ask({ path: odd, headers });
    }
    expect(['/undeclared/plain', '/undeclared/:id/deep', '/nested/inner'].map(count)).toEqual([0, 0, 0]);
  });

  check('refuses a route without protect() that is added after the start', async () => {
    expectProblem(await ask({ path: '/late' }), 403, 'ACCESS_UNDECLARED');
    expect(count('/late')).toEqual(0);
  });

  check('runs the guard wherever the handler runs, in every spelling of a path', async () => {
    const headers = { authorization: await world().bearer() };
    for (const path of oddSpellings('/private/area')) {
      const before = count('/private/area');
      const refused = await ask({ path });
      expect([path, refused.status < 300, count('/private/area') - before]).toEqual([path, false, 0]);
      const inside = await ask({ path, headers });
      expect([path, inside.status === 200]).toEqual([path, count('/private/area') - before === 1]);
      for (const name of securityHeaders)
        expect([path, name, typeof inside.headers[name]]).toEqual([path, name, 'string']);
    }
  });
}
