import { expect, it } from 'vitest';
import * as names from '../src/index.js';

it('exports these names and no others', () => {
  expect(Object.keys(names).sort()).toEqual(['hardenServer', 'lastResort', 'secapi', 'stoppable']);
});
