import { expect, it } from 'vitest';
import * as consoles from '../src/console.js';
import * as redaction from '../src/index.js';
import * as opentelemetry from '../src/opentelemetry.js';
import * as pino from '../src/pino.js';
import * as pseudonyms from '../src/pseudonyms.js';
import * as winston from '../src/winston.js';

it('exports exactly these names', () => {
  const entries = { redaction, pseudonyms, pino, winston, consoles, opentelemetry };
  expect(Object.entries(entries).map(([name, each]) => [name, Object.keys(each).sort()])).toEqual([
    ['redaction', ['createRedactor', 'safeView']],
    ['pseudonyms', ['createPseudonyms']],
    ['pino', ['pinoHooks']],
    ['winston', ['winstonFormat']],
    ['consoles', ['redactedConsole']],
    ['opentelemetry', ['redactedLogRecords']],
  ]);
});
