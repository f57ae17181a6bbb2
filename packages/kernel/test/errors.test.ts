import { describe, expect, it } from 'vitest';
import { ConfigError, SecapiError } from '../src/index.js';

describe('SecapiError', () => {
  it('has a stable code, a name and the error that caused it', () => {
    const cause = new Error('connection refused');
    const error = new SecapiError('STORE_UNAVAILABLE', 'the store does not answer', { cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'SecapiError', code: 'STORE_UNAVAILABLE', cause });
    expect(String(error)).toBe('SecapiError: the store does not answer');
  });

  it('has no cause where none was given', () => {
    expect(Object.hasOwn(new SecapiError('X', 'y'), 'cause')).toBe(false);
  });
});

describe('ConfigError', () => {
  it('says what, where and what to write instead', () => {
    const error = new ConfigError('verifier.audience', 'is missing', 'write audience: "https://api.example"');
    expect(error).toBeInstanceOf(SecapiError);
    expect(error).toMatchObject({ name: 'ConfigError', code: 'CONFIG_INVALID', option: 'verifier.audience' });
    expect(error.message).toBe('verifier.audience is missing: write audience: "https://api.example"');
  });
});
