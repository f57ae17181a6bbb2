import { EventEmitter } from 'node:events';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lastResort, stoppable } from '../src/index.js';
import { type LastResortOptions, type ProcessLike, watchProcess } from '../src/last-resort.js';

/** A process that tells how it was ended, and goes on. */
function fakeProcess() {
  const exits: number[] = [];
  const written: string[] = [];
  const target = Object.assign(new EventEmitter(), {
    exitCode: undefined as ProcessLike['exitCode'],
    exit: (code: number) => void exits.push(code),
    stderr: { write: (text: string) => void written.push(text) },
  });
  return { target, exits, written };
}

function watched(options: Partial<LastResortOptions> = {}) {
  const { target, exits, written } = fakeProcess();
  const lines: { message: string; error: unknown }[] = [];
  const log = {
    error: (message: string, fields?: object) =>
      void lines.push({ message, error: (fields as { error?: unknown }).error }),
  };
  const takeOff = watchProcess(target, { stop: async () => true, log, ...options });
  return { target, exits, written, lines, takeOff };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('what nobody caught', () => {
  it.each([
    ['uncaughtException', 'an exception'],
    ['unhandledRejection', 'a rejection'],
  ])(
    '%s is logged, and ends the process once its requests and their ground are done',
    async (event, said) => {
      const order: string[] = [];
      const { target, exits, lines } = watched({
        stop: async () => order.push('stopped'),
        close: async () => void order.push('closed'),
      });
      const error = new Error('x');
      target.emit(event, error);
      expect([target.exitCode, exits]).toEqual([1, []]);
      await settle();
      expect([order, exits]).toEqual([['stopped', 'closed'], [1]]);
      expect(lines).toEqual([{ message: `${said} was caught by nobody, the process ends`, error }]);
    },
  );

  it('may be anything, and be followed by more, which end it no sooner', async () => {
    let done = (): void => {};
    const stop = () =>
      new Promise<void>((resolve) => {
        done = resolve;
      });
    const { target, exits, lines } = watched({ stop, exitCode: 70 });
    for (const odd of [undefined, null, 'text', Symbol('x'), Object.create(null)])
      target.emit('unhandledRejection', odd);
    await settle();
    expect([exits, lines.length]).toEqual([[], 5]);
    for (let i = 0; i < 1_000; i++) target.emit('uncaughtException', new Error('more'));
    expect(lines.length).toBe(20);
    done();
    await settle();
    expect(exits).toEqual([70]);
  });

  it('ends it also where the log, the stop or the close fails, and prints nothing of it', async () => {
    const fail = async (): Promise<never> => {
      throw new Error('canary');
    };
    const broken = {
      error: () => {
        throw new Error('canary');
      },
    };
    for (const options of [{ log: broken }, { stop: fail }, { close: fail }]) {
      const { target, exits, written } = watched(options);
      target.emit('uncaughtException', new Error('canary'));
      await settle();
      expect(exits).toEqual([1]);
      expect(written.join('')).not.toContain('canary');
      expect(written.length).toBe(options.log ? 1 : 0);
    }
  });

  describe('by the clock', () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    it('ends it in time, answered or not', () => {
      const { target, exits } = watched({ stop: () => new Promise(() => {}), within: '3s' });
      target.emit('uncaughtException', new Error('x'));
      vi.advanceTimersByTime(2_999);
      expect(exits).toEqual([]);
      vi.advanceTimersByTime(1);
      expect(exits).toEqual([1]);
    });
  });

  it('is waited for by nobody any more once it is taken off, and disturbs no orderly run', () => {
    const { target, exits, lines, takeOff } = watched();
    expect(target.listenerCount('uncaughtException')).toBe(1);
    takeOff();
    expect([target.listenerCount('uncaughtException'), target.listenerCount('unhandledRejection')]).toEqual([
      0, 0,
    ]);
    expect([exits, lines, target.exitCode]).toEqual([[], [], undefined]);
  });

  it('needs options that make sense', () => {
    const log = { error: () => {} };
    const stop = async () => {};
    expect(() => lastResort({ log } as never)).toThrow(/lastResort\.stop/);
    expect(() => lastResort({ stop } as never)).toThrow(/lastResort\.log/);
    expect(() => lastResort({ stop, log, exitCode: 0 })).toThrow(/lastResort\.exitCode/);
    expect(() => lastResort({ stop, log, within: '1h' })).toThrow(/lastResort\.within/);
    expect(() => lastResort({ stop, log, after: 1 } as never)).toThrow(/lastResort\.after/);
  });
});

it('a stop that is asked for twice waits for the same requests', async () => {
  let answer = (): void => {};
  const server = createServer((_request, response) => {
    answer = () => void response.end('done');
  });
  const stop = stoppable(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on a port
  const status = new Promise((resolve) =>
    get({ port, host: '127.0.0.1', agent: false }, (response) => resolve(response.resume().statusCode)),
  );
  await new Promise((resolve) => server.once('request', resolve));
  let second = false;
  const first = stop();
  const again = stop().then((answered) => {
    second = true;
    return answered;
  });
  await settle();
  expect(second).toBe(false);
  answer();
  expect([await first, await again, await status]).toEqual([true, true, 200]);
});
