import { expect, it } from 'vitest';
import * as native from '../src/index.js';
import * as portable from '../src/portable.js';

it.each([
  ['the native entry', native],
  ['the portable entry', portable],
])('%s exports exactly these names', (_entry, hashing) => {
  expect(Object.keys(hashing).sort()).toEqual([
    'calibrate',
    'createBreachCheck',
    'createHttpRange',
    'createPasswordHasher',
    'createPasswordRules',
    'withBreachCheck',
  ]);
});
