import { expect, it } from 'vitest';
import * as audit from '../src/index.js';

it('exports exactly these names', () => {
  expect(Object.keys(audit).sort()).toEqual([
    'belongsInTrail',
    'canonicalJson',
    'createJsonLog',
    'createTrail',
    'entryHash',
    'genesisHash',
    'isSecurityEventName',
    'levelOf',
    'logEvent',
    'memoryTrailStore',
    'securityEvents',
  ]);
});
