import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { launchApi, startApi } from './support/api.js';
import { expectProblem, expectStatus } from './support/claims.js';
import { newPerson } from './support/journey.js';

const breached = 'a long password that a breach made known';

/** A source of breached passwords on this machine, in the format of the public one. */
async function startSource() {
  const asked: string[] = [];
  const digest = createHash('sha1').update(breached).digest('hex').toUpperCase();
  const server = createServer((request, response) => {
    const prefix = request.url?.slice('/range/'.length) ?? '';
    asked.push(prefix);
    const padding = `${'0'.repeat(35)}:0`;
    response.end(digest.startsWith(prefix) ? `${padding}\r\n${digest.slice(5)}:42` : padding);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on a port
  return { asked, server, url: `http://127.0.0.1:${port}/range/` };
}

it('refuses a password that is known from breaches, and tells the source 20 bits of it', async () => {
  const { asked, server, url } = await startSource();
  const api = await startApi({ TRUST_PROXY: '127.0.0.1/32', BREACHED_PASSWORDS_URL: url });
  try {
    const register = (password: string) =>
      api.send('POST', '/api/auth/register', { json: { ...newPerson(), password } });
    const answer = await register(breached);
    const { errors } = expectProblem(answer, 422, 'PASSWORD_BREACHED');
    expect(errors).toMatchObject([{ path: '/password' }]);
    expect(answer.text).not.toContain(breached);
    expectStatus(await register('walnut drizzle harbour forty-one'), 202);
    expect(asked.every((prefix) => /^[0-9A-F]{5}$/.test(prefix))).toBe(true);
    // Out of reach it stops nobody, and the log tells of it.
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expectStatus(await register('walnut drizzle harbour forty-two'), 202);
    expect(api.output()).toContain('a password was not checked for breaches');
    expect(api.output()).not.toContain(breached);
  } finally {
    await api.remove();
    server.close();
  }
}, 60_000);

it.each(['http://breaches.example/range/', 'https://breaches.example/range', 'soon'])(
  'does not start with %s for a source',
  async (url) => {
    const { ended, output } = await launchApi({ BREACHED_PASSWORDS_URL: url });
    expect(ended?.code).toBe(78);
    expect(output).toContain('BREACHED_PASSWORDS_URL');
  },
  30_000,
);
