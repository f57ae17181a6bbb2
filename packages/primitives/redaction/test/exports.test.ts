import { expect, it } from 'vitest';
import * as redaction from '../src/index.js';

it('exports exactly these names', () => {
  expect(Object.keys(redaction).sort()).toEqual(['createRedactor', 'safeView']);
});
