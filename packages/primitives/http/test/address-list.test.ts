import { describe, expect, it } from 'vitest';
import { createAddressList } from '../src/index.js';

describe('a list of addresses', () => {
  it('has what lies in its ranges, however it is spelled, and nothing else', () => {
    const list = createAddressList(['203.0.113.0/24', '198.51.100.7', '2001:db8:1::/48']);
    for (const inside of ['203.0.113.9', '::ffff:203.0.113.9', '::ffff:cb00:7109', '198.51.100.7'])
      expect(list.has(inside), inside).toBe(true);
    for (const inside of ['2001:db8:1::1', '2001:0DB8:1:0::1%eth0'])
      expect(list.has(inside), inside).toBe(true);
    for (const outside of ['203.0.112.9', '198.51.100.8', '2001:db8:2::1', '::203.0.113.9'])
      expect(list.has(outside), outside).toBe(false);
  });

  it('has no text that is no address that everybody reads alike', () => {
    const list = createAddressList(['0.0.0.0/0', '::/0']);
    for (const text of ['', '0313.0.113.9', '203.0.113', '203.0.113.9:80', 'example', '1.2.3.4, 5.6.7.8'])
      expect(list.has(text), text).toBe(false);
    expect([list.has('8.8.8.8'), list.has('2001:db8::1')]).toEqual([true, true]);
  });

  it('takes other ranges while it is in use, and keeps the old ones when those make no sense', () => {
    const list = createAddressList(['203.0.113.0/24']);
    expect(() => list.replace(['198.51.100.0/24', 'nonsense'])).toThrow(/addresses\[1\]/);
    expect([list.has('203.0.113.1'), list.has('198.51.100.1')]).toEqual([true, false]);
    list.replace(['198.51.100.0/24']);
    expect([list.has('203.0.113.1'), list.has('198.51.100.1')]).toEqual([false, true]);
    list.replace([]);
    expect(list.has('198.51.100.1')).toBe(false);
  });

  it.each([['203.0.113.0/33'], ['2001:db8::/129'], ['203.0.113.0/-1'], ['01.2.3.4'], [''], [7], ['::/8/8']])(
    'refuses %j',
    (range) => {
      expect(() => createAddressList([range as string])).toThrow(/addresses\[0\]/);
    },
  );
});
