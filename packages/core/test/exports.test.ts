import { expect, it } from 'vitest';
import * as fetching from '../src/fetch.js';
import * as core from '../src/index.js';

it('exports these names and no other', () => {
  expect(Object.keys(core).sort()).toEqual([
    'ApiError',
    'addresses',
    'andThen',
    'answer',
    'authenticate',
    'bareRefusal',
    'catalogue',
    'compileLimits',
    'constraintErrors',
    'cors',
    'createLimitDesk',
    'createShield',
    'csrf',
    'errorOfStatus',
    'headers',
    'hsts',
    'isAnswer',
    'isPromise',
    'penalize',
    'problemType',
    'rateLimit',

    'recommended',
    'reportReceiver',
    'route',
    'toAnswer',
    'transport',
  ]);
  expect(Object.keys(fetching).sort()).toEqual(['secapi']);
});

it('is no thenable, so that a dynamic import resolves to the module itself', () => {
  expect('then' in core).toBe(false);
});
