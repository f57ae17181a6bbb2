import { expect, it } from 'vitest';
import * as kernel from '../src/index.js';

it('exports these names and no other', () => {
  expect(Object.keys(kernel).sort()).toEqual([
    'ConfigError',
    'SecapiError',
    'andThen',
    'checkNumber',
    'checkOptions',
    'constantTimeEqual',
    'fromBase64Url',
    'isPromise',
    'isSafeUrl',
    'randomBytes',
    'randomToken',
    'sha256',
    'systemClock',
    'toBase64Url',
    'toBytes',
    'toHex',
    'toMilliseconds',
    'toSeconds',
    'utf8',
    'uuidv7',
  ]);
});
