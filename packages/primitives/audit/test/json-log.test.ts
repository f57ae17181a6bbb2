import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createJsonLog, logEvent } from '../src/index.js';

const redactor = { stringify: (value: unknown) => JSON.stringify(value) };
const now = () => Date.UTC(2026, 0, 31, 12);

function recording(options: Partial<Parameters<typeof createJsonLog>[0]> = {}) {
  const lines: string[] = [];
  const log = createJsonLog({ write: (line) => lines.push(line), redactor, now, ...options });
  return { lines, log };
}

describe('a JSON log', () => {
  it('writes one object a line: when, how loud, what, and the fields', () => {
    const { lines, log } = recording();
    log.warn('limit exceeded', { address: '192.0.2.1' });
    expect(lines).toEqual([
      '{"at":"2026-01-31T12:00:00.000Z","level":"warn","message":"limit exceeded","address":"192.0.2.1"}',
    ]);
  });

  it('leaves out what is below its level', () => {
    const { lines, log } = recording({ level: 'warn' });
    log.debug('a');
    log.info('b');
    log.warn('c');
    log.error('d');
    expect(lines.map((line) => JSON.parse(line).message)).toEqual(['c', 'd']);
  });

  it('lets no field pass for the time, the level or the message', () => {
    const { lines, log } = recording();
    log.info('real', { level: 'debug', message: 'forged', at: 'yesterday' });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'info',
      message: 'real',
      _message: 'forged',
      _at: 'yesterday',
    });
  });

  it('keeps one record on one line, without control characters, whatever is in it', () => {
    const forged = 'x\n{"level":"info"}\r\u2028\u2029\u0085\u001b[2J\u009b31m\u007f\u202e\u2066\0';
    const { lines, log } = recording();
    log.error(forged, { [forged]: forged });
    expect(lines).toHaveLength(1);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what must not be there
    expect(lines[0]).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ message: forged, [forged]: forged });
  });

  it('gives back what was logged, for any text', () => {
    const { lines, log } = recording();
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (message, value) => {
        lines.length = 0;
        log.info(message, { value });
        expect(lines[0]).not.toMatch(/[\r\n]/);
        expect(JSON.parse(lines[0] ?? '')).toMatchObject({ message, value });
      }),
    );
  });

  it('stays on one line even when the redactor does not', () => {
    const { lines, log } = recording({ redactor: { stringify: (value) => JSON.stringify(value, null, 2) } });
    log.info('a', { b: 1 });
    expect(lines[0]).not.toContain('\n');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ b: 1 });
  });

  it('hands an error or a list to the redactor as it is', () => {
    const seen: unknown[] = [];
    const { log } = recording({
      redactor: {
        stringify: (value) => {
          seen.push(value);
          return '{}';
        },
      },
    });
    const error = new Error('boom');
    log.error('failed', error);
    log.error('failed', { error });
    expect(seen).toEqual([expect.objectContaining({ fields: error }), expect.objectContaining({ error })]);
  });

  it('never throws, and tells of what it could not write', () => {
    const failures: unknown[] = [];
    const failing = recording({
      redactor: {
        stringify: () => {
          throw new Error('odd value');
        },
      },
      onFailure: (error) => {
        failures.push(error);
        throw new Error('again');
      },
    });
    failing.log.error('x');
    expect(failures).toHaveLength(1);
    recording({
      write: () => {
        throw new Error('disk full');
      },
    }).log.error('x');
  });

  it('keeps an own __proto__ as a field', () => {
    const { lines, log } = recording();
    log.info('x', JSON.parse('{"__proto__":{"a":1}}'));
    expect(lines[0]).toContain('"__proto__":{"a":1}');
    expect(({} as { a?: number }).a).toBeUndefined();
  });

  it.each([
    ['an unknown option', { stream: 1 }, /log\.stream is not an option/],
    ['an unknown level', { level: 'trace' }, /log\.level is not a level/],
    ['no redactor', { redactor: undefined }, /log\.redactor has no stringify/],
    ['nothing to write to', { write: undefined }, /log\.write is not a function/],
  ])('refuses %s', (_title, options, message) => {
    expect(() => createJsonLog({ write: () => {}, redactor, ...options } as never)).toThrow(message);
  });
});

describe('logEvent', () => {
  it("writes an event at its level, critical as an error, without the trail's switch", () => {
    const { lines, log } = recording();
    logEvent(log, { event: 'authz_fail', outcome: 'denied', actor: 'ada', trail: true });
    logEvent(log, { event: 'session_created', outcome: 'success' });
    logEvent(log, { event: 'authz_fail', outcome: 'denied', level: 'warn' });
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        at: expect.any(String),
        level: 'error',
        message: 'authz_fail',
        event: 'authz_fail',
        outcome: 'denied',
        actor: 'ada',
      },
      expect.objectContaining({ level: 'info', event: 'session_created' }),
      expect.objectContaining({ level: 'warn' }),
    ]);
  });
});
