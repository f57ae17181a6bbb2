import { expect, it } from 'vitest';
import * as hashing from '../src/index.js';

it('exports exactly these names', () => {
  expect(Object.keys(hashing).sort()).toEqual(['createPasswordHasher', 'createPasswordRules']);
});
