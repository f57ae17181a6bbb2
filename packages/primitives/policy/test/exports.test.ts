import { expect, it } from 'vitest';
import * as policy from '../src/index.js';

it('exports exactly these names', () => {
  expect(Object.keys(policy).sort()).toEqual(['createPolicy', 'ownedBy']);
});
