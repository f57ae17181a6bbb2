import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CspReport, readReports } from '../src/index.js';

const bytes = (value: unknown): Uint8Array =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
const list = 'application/reports+json';
const legacy = 'application/csp-report';

/** As Chrome sends it. */
const violation = {
  age: 12,
  type: 'csp-violation',
  url: 'https://app.example/page?token=canary#canary',
  user_agent: 'Mozilla/5.0 canary',
  body: {
    blockedURL: 'https://evil.example/x.js?canary',
    columnNumber: 4,
    disposition: 'enforce',
    documentURL: 'https://app.example/page?token=canary',
    effectiveDirective: 'script-src-elem',
    lineNumber: 21,
    originalPolicy: "default-src 'none'; canary",
    referrer: 'https://app.example/canary',
    sample: 'canary()',
    sourceFile: 'https://app.example/app.js?canary',
    statusCode: 200,
  },
};
const read: CspReport = {
  type: 'csp-violation',
  disposition: 'enforce',
  directive: 'script-src-elem',
  blocked: 'https://evil.example/x.js',
  document: 'https://app.example/page',
  source: 'https://app.example/app.js',
  line: 21,
  column: 4,
};
/** As browsers send it to report-uri. */
const old = {
  'csp-report': {
    'document-uri': 'https://app.example/page?canary',
    referrer: 'canary',
    'violated-directive': "img-src 'self' https://canary.example",
    'original-policy': 'canary',
    'blocked-uri': 'inline',
    'line-number': 3,
    'status-code': 200,
  },
};

describe('reports', () => {
  it('of the Reporting API are read, and nothing of them that nobody asked for', () => {
    expect(readReports(bytes([violation]), list)).toEqual({ ok: true, reports: [read], dropped: 0 });
    expect(readReports(bytes(violation), `${list}; charset=utf-8`)).toEqual({
      ok: true,
      reports: [read],
      dropped: 0,
    });
    expect(JSON.stringify(readReports(bytes([violation]), list))).not.toContain('canary');
  });

  it('of CSP alone are read, with the name of a directive that came with its sources', () => {
    const result = readReports(bytes(old), legacy);
    expect(result).toEqual({
      ok: true,
      reports: [
        {
          type: 'csp-violation',
          disposition: 'enforce',
          directive: 'img-src',
          blocked: 'inline',
          document: 'https://app.example/page',
          line: 3,
        },
      ],
      dropped: 0,
    });
  });

  it('of other types are told by type and page alone, unknown ones are dropped', () => {
    const others = ['coep', 'permissions-policy-violation', 'spam'].map((type) => ({ ...violation, type }));
    expect(readReports(bytes(others), list)).toEqual({
      ok: true,
      reports: [
        { type: 'coep', document: 'https://app.example/page' },
        { type: 'permissions-policy-violation', document: 'https://app.example/page' },
      ],
      dropped: 1,
    });
  });

  it('are fifty of a body at most', () => {
    const result = readReports(bytes(Array.from({ length: 70 }, () => violation)), list);
    expect([result.ok && result.reports.length, result.ok && result.dropped]).toEqual([50, 20]);
  });
});

describe('an address in a report', () => {
  it.each([
    ['https://me:canary@a.example/x?canary#canary', 'https://a.example/x'],
    ['wss://a.example:8443/live', 'wss://a.example:8443/live'],
    ['data:text/javascript,canary', 'data:'],
    ['data', 'data:'],
    ['blob:https://a.example/canary', 'blob:'],
    ['chrome-extension://canary/x.js', 'chrome-extension:'],
    ['eval', 'eval'],
    ['canary words', ''],
    ['https://', ''],
    [`https://a.example/${'x'.repeat(900)}`, `https://a.example/${'x'.repeat(282)}`],
    ['x'.repeat(20_000), ''],
    ['https://a.example/\r\nforged: line', 'https://a.example/forged:%20line'],
    [7, ''],
    [{ toString: 'canary' }, ''],
  ])('%j is %j', (blockedURL, blocked) => {
    const result = readReports(bytes([{ ...violation, body: { ...violation.body, blockedURL } }]), list);
    expect(result.ok && result.reports[0]).toMatchObject({ blocked });
  });
});

describe('a body that is no reports', () => {
  it.each<[string, unknown, string | undefined, string]>([
    ['of another type', [violation], 'application/json', 'REPORTS_TYPE'],
    ['of no type', [violation], undefined, 'REPORTS_TYPE'],
    ['that is no JSON', '[{', list, 'REPORTS_SYNTAX'],
    ['that is empty', '', list, 'REPORTS_SYNTAX'],
    ['of texts', ['a'], list, 'REPORTS_SYNTAX'],
    ['of null', 'null', list, 'REPORTS_SYNTAX'],
    ['without a type', [{ url: 'https://a.example' }], list, 'REPORTS_SYNTAX'],
    ['in the old form, without its member', { report: {} }, legacy, 'REPORTS_SYNTAX'],
    ['in the old form, as a list', [old], legacy, 'REPORTS_SYNTAX'],
    ['over 64 KB', [violation, 'x'.repeat(65_536)], list, 'REPORTS_TOO_LARGE'],
    ['nested without end', '['.repeat(60_000), list, 'REPORTS_SYNTAX'],
  ])('%s is refused', (_, body, type, reason) => {
    expect(readReports(bytes(body), type)).toEqual({ ok: false, reason });
  });

  it('in broken UTF-8 is refused', () => {
    expect(readReports(new Uint8Array([0x22, 0xff, 0x22]), list)).toEqual({
      ok: false,
      reason: 'REPORTS_SYNTAX',
    });
  });

  it('says nothing where its fields say nothing', () => {
    for (const body of [
      {},
      { effectiveDirective: 'script-src; x' },
      { effectiveDirective: ['script-src'] },
    ]) {
      const report = { type: 'csp-violation', url: 'https://a.example', body };
      expect(readReports(bytes([report]), list)).toEqual({ ok: true, reports: [], dropped: 1 });
    }
  });
});

it('whatever is sent, nothing is thrown, and no text comes back longer than it may', () => {
  const longest = (value: unknown): number =>
    typeof value === 'string'
      ? value.length
      : typeof value === 'object' && value !== null
        ? Math.max(0, ...Object.values(value).map(longest))
        : 0;
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(list, legacy), (value, type) => {
      const result = readReports(bytes([value, { ...violation, body: value }]), type);
      expect(longest(result)).toBeLessThanOrEqual(300);
    }),
  );
});
