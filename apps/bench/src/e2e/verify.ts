import { askOnce } from './load.js';
import { find, view } from './posts.js';
import { knownRequests } from './requests.js';
import type { ServerProcess } from './server-process.js';
import { isGuarded } from './stack.js';
import type { Tokens } from './world.js';

/**
 * Asks a server everything that will be asked under load, and throws unless each answer is what it must be: a server that
 * refuses what it should serve is fast, and its figure a lie.
 */
export async function verify(server: ServerProcess, tokens: Tokens): Promise<void> {
  const wrong: string[] = [];
  for (const request of Object.values(knownRequests(server.stack, tokens))) {
    const { status, head, body } = await askOnce(server.port, request);
    if (status !== request.status) wrong.push(`${request.name}: ${status} and not ${request.status}`);
    if (status !== 200 && status !== 201) continue;
    const wanted = view(find());
    if (JSON.stringify(JSON.parse(body)) !== JSON.stringify(wanted))
      wrong.push(`${request.name}: another body than it must be`);
    if (!isGuarded(server.stack)) continue;
    for (const name of ['content-security-policy', 'ratelimit', 'x-content-type-options'])
      if (!head.toLowerCase().includes(name)) wrong.push(`${request.name}: no ${name}`);
    if (request.name !== 'another origin writes' && !/\r\naccess-control-allow-origin/i.test(head))
      wrong.push(`${request.name}: no access-control-allow-origin`);
  }
  if (wrong.length > 0) throw new Error(`${server.framework} ${server.stack}: ${wrong.join('; ')}`);
}
