import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Api, startApi } from './support/api.js';
import { expectStatus } from './support/claims.js';
import { newUser, type User } from './support/journey.js';
import { within } from './support/wait.js';

vi.setConfig({ testTimeout: 60_000 }); // a text that is worked on for as long as it may be

let api: Api;
let user: User;
beforeAll(async () => {
  api = await startApi({ FRAMEWORK: 'fastify' });
  user = await newUser(api);
});
afterAll(() => api?.remove());

const post = (html: string) => user.send('POST', '/api/posts', { json: { title: 'A post', html } });

it('a post made to take minutes is refused, and holds up nobody else', async () => {
  const endless = post('<br>'.repeat(16_000));
  let refused = false;
  void endless.finally(() => {
    refused = true;
  });
  for (let i = 0; i < 5; i++) expectStatus(await api.send('GET', '/healthz'), 200);
  expect(refused).toBe(false);
  const honest = await post('<p onclick="x()">calm</p>');
  expectStatus(honest, 201);
  expect(honest.json()).toMatchObject({ html: '<p>calm</p>' });
  const answer = await endless;
  expectStatus(answer, 422);
  expect(answer.json()).toMatchObject({
    code: 'VALIDATION_FAILED',
    errors: [{ path: '/html', code: 'html_too_slow' }],
  });
  expectStatus(await post('<p>still here</p>'), 201);
  api.signal('SIGTERM');
  expect(await within(10_000, 'the end', api.ended)).toEqual({ code: 0, signal: null });
});
