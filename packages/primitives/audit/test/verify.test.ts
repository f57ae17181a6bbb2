import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, genesisHash, type TrailEntry } from '../src/index.js';
import { filled, verifyOf } from './support.js';

describe('verification', () => {
  it('passes an untouched trail and an empty one, and gives the head', async () => {
    const { trail, entries } = await filled(10);
    expect(await trail.verify()).toEqual({ ok: true, entries: 10, head: entries[9]?.hash });
    expect(await verifyOf([])).toEqual({ ok: true, entries: 0, head: genesisHash });
  });

  it('finds any edit of any member, and names the entry', async () => {
    const { entries } = await filled(6);
    const edits: Partial<Record<keyof TrailEntry, unknown>> = {
      id: '00000000-0000-7000-8000-000000000000',
      at: '2026-01-31T12:00:00.001Z',
      event: 'authn_login_fail',
      outcome: 'failure',
      actor: 'mallory',
      target: 'x',
      address: '192.0.2.9',
      requestId: 'x',
      details: { n: 3, role: 'admin' },
      hash: 'a'.repeat(64),
    };
    for (const [member, value] of Object.entries(edits)) {
      const copy = entries.with(3, { ...(entries[3] as TrailEntry), [member]: value });
      expect(await verifyOf(copy)).toEqual({ ok: false, at: copy[3]?.id, reason: 'altered' });
    }
  });

  it('finds an edit whose hash was made to fit, at the entry that no longer builds on it', async () => {
    const { entries } = await filled(6);
    const { hash: _, ...rest } = { ...(entries[3] as TrailEntry), actor: 'mallory' };
    const fitted = { ...rest, hash: createHash('sha256').update(canonicalJson(rest)).digest('hex') };
    expect(await verifyOf(entries.with(3, fitted))).toEqual({
      ok: false,
      at: entries[4]?.id,
      reason: 'link_broken',
    });
  });

  it('finds a cut-off end once its head is known', async () => {
    const { entries } = await filled(6);
    const knownHead = entries[5]?.hash ?? '';
    expect(await verifyOf(entries, knownHead)).toMatchObject({ ok: true });
    expect(await verifyOf(entries.slice(0, 4), knownHead)).toEqual({
      ok: false,
      at: entries[3]?.id,
      reason: 'truncated',
    });
    expect(await verifyOf([], knownHead)).toEqual({ ok: false, at: '', reason: 'truncated' });
  });

  it('finds every deletion, repetition and exchange of entries, at the first place', async () => {
    const { entries } = await filled(12);
    const place = fc.nat(10);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('delete', 'repeat', 'swap'), place, place, async (kind, i, j) => {
        const copy = entries.slice();
        let first = i;
        if (kind === 'delete') copy.splice(i, 1);
        if (kind === 'repeat') {
          copy.splice(i + 1, 0, copy[i] as TrailEntry);
          first = i + 1;
        }
        if (kind === 'swap') {
          fc.pre(i !== j);
          [copy[i], copy[j]] = [copy[j] as TrailEntry, copy[i] as TrailEntry];
          first = Math.min(i, j);
        }
        expect(await verifyOf(copy)).toEqual({ ok: false, at: copy[first]?.id, reason: 'link_broken' });
      }),
      { numRuns: 100 },
    );
  });
});

describe('canonicalJson', () => {
  it.each([
    [{ b: 1, a: [true, null, 'x'] }, '{"a":[true,null,"x"],"b":1}'],
    [{ '\u20ac': 1, '\r': 2, '1': 3 }, '{"\\r":2,"1":3,"€":1}'],
    [{ n: [1e21, 1e-7, 0.1, -0] }, '{"n":[1e+21,1e-7,0.1,0]}'],
    [{ u: undefined, f: Number.NaN }, '{"f":null,"u":null}'],
  ])('writes %j as %s', (value, expected) => {
    expect(canonicalJson(value)).toBe(expected);
  });
});
