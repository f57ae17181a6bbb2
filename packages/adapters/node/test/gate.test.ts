import { createServer, type IncomingHttpHeaders, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { andThen, answer, createShield, type Guard, type RouteSecurity, route } from '@secapi/core';
import { afterEach, describe, expect, it } from 'vitest';
import { type Conversation, converse, gate, headLate, requestFacts, writeReply } from '../src/index.js';

const open = route({ access: 'public' });
/** A Standard Schema of one line, that takes anything. */
const anything = {
  '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => ({ value }) },
} as const;
const view = route({ access: 'public', returns: anything });
const audited = route({ access: 'public', audit: 'sensitive_read' });

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

describe('the gate', () => {
  const writings: [string, (response: ServerResponse) => void][] = [
    ["end('leak')", (response) => void response.end('leak')],
    ["write('leak')", (response) => void response.write('leak')],
    ['writeHead(200)', (response) => void response.writeHead(200, { 'x-leak': 'leak' })],
    [
      'a whole answer',
      (response) => {
        response.writeHead(200, { 'x-leak': 'leak', 'content-length': 8 });
        response.write('leak');
        response.end('leak');
      },
    ],
  ];

  it.each(writings)('drops %s of a handler whose answer is decided and not yet written', async (_, leak) => {
    const trail = slowTrail();
    const port = await serve(audited, trail, (response, conversation) => {
      decide(response, conversation, { id: '1' });
      leak(response);
      trail.settle();
    });
    const got = await get(port);
    expect([got.status, got.text, got.headers['x-leak']]).toEqual([200, '{"id":"1"}', undefined]);
    expect([trail.asked(), got.headers['x-base']]).toEqual([1, 'base']);
  });

  it.each(writings)('drops %s also when it comes a while later', async (_, leak) => {
    const trail = slowTrail();
    const port = await serve(audited, trail, (response, conversation) => {
      decide(response, conversation, { id: '1' });
      setImmediate(() => {
        leak(response);
        setImmediate(trail.settle);
      });
    });
    const got = await get(port);
    expect([got.status, got.text, got.headers['x-leak']]).toEqual([200, '{"id":"1"}', undefined]);
    expect([trail.asked(), got.headers['x-base']]).toEqual([1, 'base']);
  });

  it('lets out whole what a handler answers late and writes nothing beside', async () => {
    const trail = slowTrail();
    const port = await serve(audited, trail, (response, conversation) => {
      decide(response, conversation, { id: '1' });
      setImmediate(trail.settle);
    });
    const got = await get(port);
    expect([got.status, got.text, got.headers['content-length'], got.headers['x-base']]).toEqual([
      200,
      '{"id":"1"}',
      '10',
      'base',
    ]);
  });

  it('lets out what a handler writes itself, with the headers of the exchange, where no answer is decided', async () => {
    const port = await serve(open, slowTrail(), (response) => {
      response.writeHead(201, { 'x-own': 'own' });
      response.write('two ');
      response.end('parts');
    });
    const got = await get(port);
    expect([got.status, got.text, got.headers['x-own'], got.headers['x-base']]).toEqual([
      201,
      'two parts',
      'own',
      'base',
    ]);
  });

  it('merges Vary and cookies with those that the handler gives with its head', async () => {
    const port = await serve(open, slowTrail(), (response, conversation) => {
      conversation.exchange.setHeaders([
        ['vary', 'Origin'],
        ['set-cookie', 'ours=1'],
      ]);
      response.setHeader('x-other', '1');
      response.writeHead(200, { Vary: 'Accept-Encoding', 'Set-Cookie': 'theirs=1' }).end('x');
    });
    const { headers } = await get(port);
    expect(String(headers.vary).split(', ').sort()).toEqual(['Accept-Encoding', 'Origin']);
    expect([...(headers['set-cookie'] ?? [])].sort()).toEqual(['ours=1', 'theirs=1']);
  });

  it('answers 500 in place of what a handler writes past its returns', async () => {
    const port = await serve(view, slowTrail(), (response) => {
      response.write('leak');
      response.end('leak');
    });
    const got = await get(port);
    expect([got.status, JSON.parse(got.text).code, got.text.includes('leak')]).toEqual([
      500,
      'INTERNAL_ERROR',
      false,
    ]);
  });

  it('answers 403 in place of what no declared route has admitted', async () => {
    const port = await serve(undefined, slowTrail(), (response) => void response.end('leak'));
    const got = await get(port);
    expect([got.status, JSON.parse(got.text).code, got.text.includes('leak')]).toEqual([
      403,
      'ACCESS_UNDECLARED',
      false,
    ]);
  });
});

describe('headLate', () => {
  const late = async (write: (response: ServerResponse) => void): Promise<Got> => {
    const server = createServer((incoming, response) => {
      const shield = shieldWith(slowTrail());
      const conversation = converse(incoming, shield.open(requestFacts(incoming, () => undefined)), shield);
      conversation.exchange.setHeaders([
        ['vary', 'Origin'],
        ['cache-control', 'no-store'],
        ['set-cookie', 'ours=1'],
        ['x-base', 'base'],
      ]);
      headLate(response, conversation);
      write(response);
    });
    return get(await listen(server));
  };
  const own = { Vary: 'Accept-Encoding, origin', 'Cache-Control': 'max-age=60', 'Set-Cookie': 'theirs=1' };

  it.each<[string, (response: ServerResponse) => void]>([
    ['given with the head', (response) => void response.writeHead(200, own).end('x')],
    ['given with the head and a reason', (response) => void response.writeHead(200, 'Fine', own).end('x')],
    ['given in turn', (response) => void response.writeHead(200, Object.entries(own).flat()).end('x')],
    [
      'given with the head after others were set',
      (response) => {
        response.setHeader('x-other', '1');
        response.writeHead(200, own).end('x');
      },
    ],
    [
      'set before it',
      (response) => {
        for (const [name, value] of Object.entries(own)) response.setHeader(name, value);
        response.end('x');
      },
    ],
  ])("merges Vary, adds cookies up and lets the handler's own header win, %s", async (_, write) => {
    const { headers } = await late(write);
    expect(String(headers.vary).toLowerCase().split(', ').sort()).toEqual(['accept-encoding', 'origin']);
    expect([...(headers['set-cookie'] ?? [])].sort()).toEqual(['ours=1', 'theirs=1']);
    expect([headers['cache-control'], headers['x-base']]).toEqual(['max-age=60', 'base']);
  });

  it('puts the headers of the exchange on a head without any', async () => {
    const { headers } = await late((response) => void response.end('x'));
    expect([headers.vary, headers['cache-control'], headers['set-cookie'], headers['x-base']]).toEqual([
      'Origin',
      'no-store',
      ['ours=1'],
      'base',
    ]);
  });
});

/** A trail that keeps whoever appends waiting until it is told to settle. */
interface SlowTrail {
  append(): Promise<void>;
  asked(): number;
  settle(): void;
}

function slowTrail(): SlowTrail {
  let asked = 0;
  let settle = (): void => undefined;
  const settled = new Promise<void>((resolve) => {
    settle = resolve;
  });
  return {
    append: () => {
      asked++;
      return settled;
    },
    asked: () => asked,
    settle: () => settle(),
  };
}

/** Puts one header on every answer. */
const base: Guard = {
  name: 'base',
  enter(exchange) {
    exchange.setHeader('x-base', 'base');
    return undefined;
  },
};

function shieldWith(trail: SlowTrail) {
  const silent = (): void => undefined;
  return createShield({
    guards: [base],
    log: { debug: silent, info: silent, warn: silent, error: silent },
    trail,
  });
}

/** Decides the answer as an adapter does, and writes it once its events are durable. */
function decide(response: ServerResponse, conversation: Conversation, body: unknown): void {
  conversation.ended = true;
  const left = conversation.shield.leave(conversation.exchange, answer(200, body));
  void andThen(left, (reply) => writeReply(response, conversation, reply));
}

/** Serves one handler behind the gate; without a route, as one that nobody declared. */
function serve(
  security: RouteSecurity | undefined,
  trail: SlowTrail,
  handler: (response: ServerResponse, conversation: Conversation) => void,
): Promise<number> {
  const shield = shieldWith(trail);
  const declared = security && shield.declare(security);
  const server = createServer(async (incoming, response) => {
    const conversation = converse(incoming, shield.open(requestFacts(incoming, () => undefined)), shield);
    await shield.enter(conversation.exchange);
    gate(response, conversation);
    if (declared) conversation.admitted = (await shield.admit(conversation.exchange, declared, {})).admitted;
    else trail.settle();
    handler(response, conversation);
  });
  return listen(server);
}

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port; // a server that listens on a port has an address
}

interface Got {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

function get(port: number): Promise<Got> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path: '/x', agent: false }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk: string) => {
        text += chunk;
      });
      incoming.once('error', reject);
      incoming.once('end', () => resolve({ status: incoming.statusCode, headers: incoming.headers, text }));
    });
    outgoing.once('error', reject).end();
  });
}
