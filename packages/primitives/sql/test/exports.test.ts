import { expect, it } from 'vitest';
import * as api from '../src/index.js';

it('exports these names and no others: above all no raw', () => {
  expect(Object.keys(api).sort()).toEqual([
    'SqlFailedError',
    'choose',
    'createRunner',
    'empty',
    'identifier',
    'isSql',
    'join',
    'like',
    'rows',
    'sql',
    'toDialect',
  ]);
});
