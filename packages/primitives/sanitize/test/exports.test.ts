import { expect, it } from 'vitest';
import * as api from '../src/index.js';

it('exports these names and no others', () => {
  expect(Object.keys(api).sort()).toEqual(['createSanitizer', 'createSanitizerPool']);
});
