import { expect, it } from 'vitest';
import * as validation from '../src/index.js';

it('exports these names and no others', () => {
  expect(Object.keys(validation).sort()).toEqual([
    'checkStructure',
    'declaredKeys',
    'fields',
    'isJson',
    'jsonLimits',
    'parseJson',
    'parseMediaType',
    'parseQuery',
    'strictObject',
    'validate',
  ]);
});
