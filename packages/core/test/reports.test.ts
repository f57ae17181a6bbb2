import type { SecurityEvent } from '@secapi/audit';
import { ConfigError } from '@secapi/kernel';
import { describe, expect, it } from 'vitest';
import { secapi } from '../src/fetch.js';
import { type ReportReceiverOptions, reportReceiver } from '../src/index.js';
import { local, request, world } from './support.js';

const violation = (image: string, disposition = 'enforce') => ({
  type: 'csp-violation',
  url: 'https://app.test/',
  body: { effectiveDirective: 'img-src', blockedURL: `https://evil.test/${image}`, disposition },
});

async function receiver(options: Partial<ReportReceiverOptions> = {}, limit = 100) {
  const events: SecurityEvent[] = [];
  const made = await world({
    limits: { reports: { limit, window: '1m', on: 'route' } },
    listeners: [(event) => void events.push(event)],
  });
  const reports = reportReceiver({ limit: 'reports', now: () => made.clock, ...options });
  const serve = secapi(made.shield).protect(reports.route, reports.handler);
  const headers = { 'content-type': 'application/reports+json' };
  const send = async (...list: object[]) =>
    (await serve(request('/reports', { method: 'POST', headers, body: JSON.stringify(list) }), local)).status;
  return { made, events, send };
}

it('tells of each violation once in a window, in the log and not in the trail', async () => {
  const { made, events, send } = await receiver();
  expect(await send(violation('a'), violation('a'), violation('b', 'report'))).toBe(204);
  expect(await send(violation('a'))).toBe(204);
  expect(
    events.map(({ event, outcome, details }) => [event, outcome, details?.blocked, details?.directive]),
  ).toEqual([
    ['input_validation_fail', 'denied', 'https://evil.test/a', 'img-src'],
    ['input_validation_fail', 'failure', 'https://evil.test/b', 'img-src'],
  ]);
  expect(made.lines.filter(({ message }) => message === 'input_validation_fail')).toHaveLength(2);
  expect(made.trail).toEqual([]);
  made.clock += 60_000;
  await send(violation('a'));
  expect(events).toHaveLength(3);
});

it('cuts a flood of different ones, and counts what it left out', async () => {
  const { made, events, send } = await receiver({ max: 3 });
  await send(...Array.from({ length: 10 }, (_, i) => violation(String(i))));
  expect(events).toHaveLength(3);
  made.clock += 60_000;
  await send(violation('late'));
  expect(events.slice(3).map(({ details }) => details?.reason)).toEqual([
    'reports_left_out',
    'csp_violation',
  ]);
  expect(events[3]?.details?.count).toBe(7);
});

it('stands under its limit', async () => {
  const { send } = await receiver({}, 2);
  expect([await send(violation('a')), await send(violation('b')), await send(violation('c'))]).toEqual([
    204, 204, 429,
  ]);
});

it('tells of other reports by type and page', async () => {
  const { events, send } = await receiver();
  await send({ type: 'coep', url: 'https://app.test/x?token=canary', body: { blockedURL: 'canary' } });
  expect(events.map(({ level, details }) => [level, details])).toEqual([
    ['info', { reason: 'browser_report', type: 'coep', document: 'https://app.test/x' }],
  ]);
});

describe('options that can not be meant', () => {
  it.each<[string, object]>([
    ['no limit', {}],
    ['an endless window', { limit: 'reports', window: Number.POSITIVE_INFINITY }],
    ['no room', { limit: 'reports', max: 0 }],
    ['an unknown option', { limit: 'reports', size: 1 }],
  ])('%s is refused', (_, options) => {
    expect(() => reportReceiver(options as ReportReceiverOptions)).toThrow(ConfigError);
  });

  it('a limit that is not there is refused with the route', async () => {
    const { shield } = await world();
    const { route } = reportReceiver({ limit: 'nowhere' });
    expect(() => shield.declare(route)).toThrow(/'nowhere'/);
  });
});
