import { describe, expect, it } from 'vitest';
import { createAccessList } from '../src/index.js';

describe('an access list', () => {
  const inside = (address: number) => address < 10;
  const bad = (address: number) => address % 2 === 1;

  it('denies before it allows, and leaves everybody else to the limits', () => {
    const judge = createAccessList<number>({ allow: inside, deny: bad });
    expect([4, 5, 14, 15].map(judge)).toEqual(['allow', 'deny', 'limit', 'deny']);
    expect([4, 5].map(createAccessList<number>({}))).toEqual(['limit', 'limit']);
  });

  it('opens nothing when a list answers with a promise or not at all', () => {
    const late = async () => true;
    expect(createAccessList<number>({ allow: late as never })(1)).toBe('limit');
    expect(createAccessList<number>({ deny: (() => undefined) as never })(1)).toBe('deny');
  });

  it('refuses what is not a function', () => {
    expect(() => createAccessList({ allow: ['10.0.0.0/8'] as never })).toThrow('createAccessList.allow');
    expect(() => createAccessList({ block: bad } as never)).toThrow('createAccessList.block');
  });
});
