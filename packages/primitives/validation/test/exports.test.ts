import { expect, it } from 'vitest';
import * as validation from '../src/index.js';

it('exports these names and no others', () => {
  expect(Object.keys(validation).sort()).toEqual([
    'checkStructure',
    'declaredKeys',
    'fields',
    'fileField',
    'fileListField',
    'formFiles',
    'isJson',
    'jsonLimits',
    'openForm',
    'optionalFileField',
    'parseJson',
    'parseMediaType',
    'parseQuery',
    'strictObject',
    'validate',
  ]);
});
