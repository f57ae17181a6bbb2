import { format, inspect } from 'node:util';
import { runInNewContext } from 'node:vm';
import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { isSecret, secret, secretEquals } from '../src/index.js';

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

describe('by accident, a secret', () => {
  const hidden = secret('canary') as unknown as string; // what a cast, or JavaScript, makes of it

  it.each<[string, () => unknown]>([
    ['is joined to no text', () => runInNewContext("'Bearer ' + hidden", { hidden })],
    ['is compared with no text', () => runInNewContext("hidden == '[secret]'", { hidden })],
    ['is ordered before no text', () => hidden < 'd'],
    ['is no number', () => Number(hidden)],
    ['adds up with nothing', () => (hidden as unknown as number) * 1],
  ])('%s', (_title, use) => {
    expect(use).toThrow(/neither joined nor compared/);
  });

  it('goes to no other thread', async () => {
    const { port1, port2 } = new MessageChannel();
    const arrived = new Promise<unknown>((resolve) => port2.once('message', resolve));
    port1.postMessage({ hidden });
    const there = await arrived;
    port1.close();
    expect(inspect(there, { showHidden: true, depth: 9 })).not.toContain('canary');
    expect(isSecret((there as { hidden: unknown }).hidden)).toBe(false);
  });

  it('is not known by its looks', () => {
    const prototype: object = Object.getPrototypeOf(secret('x'));
    expect(isSecret(Object.create(prototype))).toBe(false);
    expect(isSecret(new Proxy(secret('x'), {}))).toBe(false);
  });
});

describe('secretEquals', () => {
  it('takes the right candidate, as text, bytes or secret, and no other', () => {
    const expected = secret('s3cret-é');
    for (const good of ['s3cret-é', new TextEncoder().encode('s3cret-é'), secret('s3cret-é')])
      expect(secretEquals(expected, good)).toBe(true);
    for (const bad of ['', 's3cret-', 's3cret-éé', '[secret]', 'S3cret-é', new Uint8Array(), secret('x')])
      expect(secretEquals(expected, bad)).toBe(false);
    expect(secretEquals(secret(new Uint8Array([1, 2])), new Uint8Array([1, 2]))).toBe(true);
  });

  it('takes neither a plain text for the secret nor a list for a candidate', () => {
    expect(() => secretEquals('x' as never, 'x')).toThrow(/compares with a secret/);
    expect(() => secretEquals(secret('x'), ['x'] as never)).toThrow(/text or bytes/);
    expect(() => secretEquals(secret([1]) as never, '1')).toThrow(/text or bytes/);
  });
});
