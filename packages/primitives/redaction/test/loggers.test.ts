import { Writable } from 'node:stream';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import winston from 'winston';
import { redactedConsole } from '../src/console.js';
import { createRedactor } from '../src/index.js';
import { redactedLogRecords } from '../src/opentelemetry.js';
import { pinoHooks } from '../src/pino.js';
import { winstonFormat } from '../src/winston.js';

const redactor = createRedactor();

/** Something that keeps the lines written to it. */
function sink(): { stream: Writable; text: () => string } {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  return { stream, text: () => text };
}

const failure = () =>
  Object.assign(new Error('no route to postgres://app:canary@db', { cause: new Error('token=canary') }), {
    config: { headers: { authorization: 'canary' } },
  });

describe('pino', () => {
  it('writes no secret of a message, its arguments, fields, errors, children, mixins and serializers', () => {
    const { stream, text } = sink();
    const log = pino(
      {
        hooks: pinoHooks(redactor),
        base: { secret: 'canary' },
        mixin: () => ({ mixed: { apiKey: 'canary' } }),
        serializers: { req: (req: { auth: string }) => ({ authorization: req.auth }) },
        msgPrefix: 'password=canary ',
      },
      stream,
    );
    const child = log.child({ session: 'canary', user: { id: 7 } }, { msgPrefix: 'token=canary ' });
    child.info({ user: { password: 'canary' }, list: [{ cookie: 'canary' }] }, 'sent Bearer canary-123');
    child.warn('login %s with %o for %j', 'password=canary', { token: 'canary' }, { pin: 'canary' });
    child.error(failure());
    child.error({ err: failure(), req: { auth: 'canary' } }, 'failed');
    child.info(JSON.stringify({ nested: JSON.stringify({ password: 'canary' }) }));
    expect(text()).not.toContain('canary');
    const lines = text().trimEnd().split('\n');
    expect(lines).toHaveLength(5);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 30, user: { password: '[redacted]' } });
    expect(JSON.parse(lines[3] ?? '')).toMatchObject({
      err: { type: 'Error' },
      req: { authorization: '[redacted]' },
    });
    expect(text()).toContain('no route to postgres://[redacted]@db');
  });

  it('changes nothing of a line without a secret', () => {
    const [plain, hooked] = [{}, { hooks: pinoHooks(redactor) }].map((options) => {
      const { stream, text } = sink();
      pino({ ...options, base: null, timestamp: false }, stream).info(
        { a: [1, 'é', { b: null }] },
        'hello "you"',
      );
      return text();
    });
    expect(hooked).toBe(plain);
  });
});

describe('winston', () => {
  const { format } = winston;
  it.each([
    ['first', [winstonFormat(redactor), format.splat(), format.json()]],
    ['last', [format.splat(), format.json(), winstonFormat(redactor)]],
    ['last, of lines', [format.splat(), format.simple(), winstonFormat(redactor)]],
    ['between', [format.errors({ stack: true }), winstonFormat(redactor), format.simple()]],
  ])('writes no secret, where the format stands %s', (_where, formats) => {
    const { stream, text } = sink();
    const log = winston.createLogger({
      level: 'debug',
      defaultMeta: { apiKey: 'canary' },
      format: format.combine(...formats),
      transports: [new winston.transports.Stream({ stream })],
    });
    log.info('sent Bearer canary-123', { user: { password: 'canary' } });
    log.warn('login %s', 'password=canary', { token: 'canary' });
    log.error(failure());
    log.error('failed', { failure: failure() });
    log.child({ session: 'canary' }).info('hello\r\nsecond: line');
    expect(text()).not.toContain('canary');
    expect(text()).toContain('[redacted]');
    expect(text()).toContain('hello');
    expect(text()).not.toContain('\nsecond');
  });
});

describe('a console', () => {
  it('shows no secret, whatever is called, and the rest as it is', () => {
    const calls: unknown[][] = [];
    const note =
      (name: string) =>
      (...args: unknown[]) =>
        void calls.push([name, ...args]);
    const names = [
      'log',
      'info',
      'warn',
      'error',
      'debug',
      'trace',
      'dir',
      'table',
      'group',
      'assert',
      'timeLog',
    ] as const;
    const target = Object.fromEntries(names.map((name) => [name, note(name)])) as unknown as Console;
    const shown = redactedConsole(target, redactor);
    for (const name of names) {
      (shown[name] as (...args: unknown[]) => void)(
        'sent %s token=canary\n2026 ERROR forged \u001b[31m',
        { password: 'canary', n: 1n },
        failure(),
        new Map([['secret', 'canary']]),
        Symbol('password=canary'),
        ['a', 1, true, null],
        undefined,
      );
    }
    const text = JSON.stringify(calls);
    expect(text).not.toContain('canary');
    expect(calls).toHaveLength(names.length);
    expect(calls[0]?.[1]).toBe('sent %s token=[redacted]\\n2026 ERROR forged \\u001b[31m');
    expect(calls[0]?.slice(6)).toEqual([['a', 1, true, null], undefined]);
  });

  it('is the console itself but for that', () => {
    const own = globalThis.console;
    expect(redactedConsole(own, redactor).Console).toBe(own.Console);
  });
});

describe('OpenTelemetry', () => {
  it('exports no secret of a body, of attributes and of an exception, and leaves the record to others', async () => {
    const hidden = new InMemoryLogRecordExporter();
    const open = new InMemoryLogRecordExporter();
    const provider = new LoggerProvider({
      processors: [
        redactedLogRecords(redactor, new SimpleLogRecordProcessor({ exporter: hidden })),
        new SimpleLogRecordProcessor({ exporter: open }),
      ],
    });
    provider.getLogger('test').emit({
      severityText: 'ERROR',
      body: { message: 'sent Bearer canary-123', user: { password: 'canary', id: 7 } },
      attributes: {
        'http.request.header.authorization': ['canary'],
        'http.route': '/posts',
        note: 'pin=canary',
      },
      exception: failure(),
    });
    await provider.forceFlush();
    const [record] = hidden.getFinishedLogRecords();
    expect(JSON.stringify([record?.body, record?.attributes])).not.toContain('canary');
    expect(record?.severityText).toBe('ERROR');
    expect(record?.hrTime).toEqual(open.getFinishedLogRecords()[0]?.hrTime);
    expect(record?.body).toEqual({
      message: 'sent Bearer [redacted]',
      user: { password: '[redacted]', id: 7 },
    });
    expect(record?.attributes).toMatchObject({ 'http.route': '/posts', note: 'pin=[redacted]' });
    expect(record?.attributes['exception.message']).toBe('no route to postgres://[redacted]@db');
    expect(open.getFinishedLogRecords()[0]?.attributes.note).toBe('pin=canary');
    await provider.shutdown();
  });
});
