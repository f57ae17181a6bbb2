import { format, inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { isSecret, secret } from '../src/index.js';

describe('a secret', () => {
  const hidden = secret('canary');

  it('gives its value to whoever asks for it by name', () => {
    expect(hidden.reveal()).toBe('canary');
    const bytes = new Uint8Array([1, 2]);
    expect(secret(bytes).reveal()).toBe(bytes);
  });

  it.each<[string, () => string]>([
    ['a text', () => String(hidden)],
    ['a template', () => `${hidden}`],
    ['a list', () => ['', hidden].join('+')],
    ['JSON', () => JSON.stringify({ hidden, list: [hidden] })],
    ['util.inspect', () => inspect(hidden)],
    [
      'util.inspect with everything shown',
      () => inspect({ hidden }, { showHidden: true, depth: 9, getters: true }),
    ],
    ['console formatting', () => format('%s %o %O %j', hidden, hidden, hidden, hidden)],
    ['an error', () => inspect(new Error(`bad ${hidden}`, { cause: hidden }))],
    ['a copy of its members', () => JSON.stringify({ ...hidden }) + inspect(Object.assign({}, hidden))],
    ['its names', () => Reflect.ownKeys(hidden).map(String).join() + Object.values(hidden).join()],
    ['a structured clone', () => inspect(structuredClone(hidden), { showHidden: true })],
    ['its kind', () => Object.prototype.toString.call(hidden)],
  ])('is not in %s', (_title, print) => {
    expect(print()).not.toContain('canary');
  });

  it('says that it is one', () => {
    expect(`${hidden}`).toBe('[secret]');
    expect(inspect({ hidden })).toBe('{ hidden: [secret] }');
    expect(JSON.stringify([hidden])).toBe('["[secret]"]');
    expect(isSecret(hidden)).toBe(true);
    expect(isSecret({ reveal: () => 'x' })).toBe(false);
  });

  it('is hidden once, and nobody can change it', () => {
    expect(secret(hidden)).toBe(hidden);
    expect(() => Object.assign(hidden, { reveal: () => 'other' })).toThrow(TypeError);
    expect(() => new Proxy(hidden, {}).reveal()).toThrow(TypeError);
  });
});
