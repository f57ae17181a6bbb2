import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bearer } from '../../../core/test/readme/bearer.js';
import { app } from './readme/app.js';

it('shows in the README what runs here, to the letter', () => {
  const read = (path: string): string => readFileSync(join(import.meta.dirname, path), 'utf8');
  expect(read('../README.md')).toContain(`\`\`\`ts\n${read('readme/app.ts')}\`\`\``);
});

it('guards a new handler and an old one, and refuses the route that was forgotten', async () => {
  await app.ready();
  const { server } = app;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    const authorization = await bearer('ada');
    const get = async (path: string, headers: Record<string, string>) => {
      const response = await fetch(url + path, { headers });
      return [response.status, await response.json()];
    };
    expect(await get('/me', { authorization })).toEqual([200, { id: 'ada' }]);
    expect(await get('/old', { authorization })).toEqual([200, { old: true }]);
    expect(await get('/me', {})).toEqual([401, expect.objectContaining({ code: 'UNAUTHENTICATED' })]);
    expect(await get('/old', {})).toEqual([401, expect.objectContaining({ code: 'UNAUTHENTICATED' })]);
    expect(await get('/forgotten', { authorization })).toEqual([
      403,
      expect.objectContaining({ code: 'ACCESS_UNDECLARED' }),
    ]);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
