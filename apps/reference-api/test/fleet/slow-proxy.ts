import { createServer, type Socket, connect as toServer } from 'node:net';

/** A way to a server on which answers can be made late; their order stays. */
export interface SlowProxy {
  readonly url: string;
  /** From now on each answer takes so many milliseconds longer; with 0, those that are late already go out at once. */
  slow(milliseconds: number): void;
  stop(): Promise<void>;
}

/** Listens on a free port of this machine. */
export async function startSlowProxy(port: number): Promise<SlowProxy> {
  const sockets = new Set<Socket>();
  const flushes = new Set<() => void>();
  let delay = 0;
  const server = createServer((client) => {
    const upstream = toServer(port, '127.0.0.1');
    const waiting: Buffer[] = [];
    const flush = (): void => {
      for (const data of waiting.splice(0)) client.write(data);
    };
    flushes.add(flush);
    const close = (): void => {
      flushes.delete(flush);
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', close).on('close', close);
      socket.on('close', () => sockets.delete(socket));
    }
    client.on('data', (data) => upstream.write(data));
    upstream.on('data', (data) => {
      if (delay === 0) return void client.write(data);
      waiting.push(data);
      setTimeout(() => {
        const first = waiting.shift(); // a flush may have taken it already
        if (first) client.write(first);
      }, delay).unref();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the proxy does not listen');
  return {
    url: `redis://127.0.0.1:${address.port}`,
    slow(milliseconds) {
      delay = milliseconds;
      if (delay === 0) for (const flush of flushes) flush();
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
