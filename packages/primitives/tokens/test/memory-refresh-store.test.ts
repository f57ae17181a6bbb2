import { ConfigError } from '@secapi/kernel';
import { describe, expect, it } from 'vitest';
import { createRefreshFamilies, memoryRefreshStore } from '../src/index.js';
import { fakeClock } from './support.js';

const day = 86_400_000;

function setUp(bounds: Parameters<typeof memoryRefreshStore>[0]) {
  const now = fakeClock();
  const store = memoryRefreshStore(bounds);
  return { now, store, families: createRefreshFamilies({ store, now }) };
}

describe('the memory store of refresh families', () => {
  it('ends the session that a subject used longest ago when there are too many, and nobody else', async () => {
    const { families } = setUp({ maxPerSubject: 3 });
    const other = await families.start({ subject: 'v' });
    const started = [];
    for (let i = 0; i < 3; i++) started.push(await families.start({ subject: 'u' }));
    expect(await families.rotate(started[0]?.token ?? '')).toMatchObject({ ok: true });
    const last = await families.start({ subject: 'u' });
    const ids = (await families.list('u')).map(({ id }) => id);
    expect(ids).toEqual([last.session.id, started[0]?.session.id, started[2]?.session.id]);
    expect(await families.rotate(started[1]?.token ?? '')).toEqual({ ok: false, reason: 'unknown' });
    expect(await families.rotate(other.token)).toMatchObject({ ok: true });
  });

  it('holds no more families and tokens than it may', async () => {
    const { families } = setUp({ maxFamilies: 10, maxTokens: 15 });
    const started: Awaited<ReturnType<typeof families.start>>[] = [];
    for (let i = 0; i < 30; i++) started.push(await families.start({ subject: `u${i}` }));
    const living = async () =>
      (await Promise.all(started.map(({ session }) => families.find(session.id)))).filter(Boolean);
    expect((await living()).map((session) => session?.subject)).toEqual(
      started.slice(20).map(({ session }) => session.subject),
    );
    let token = started[29]?.token ?? '';
    for (let i = 0; i < 10; i++) {
      const result = await families.rotate(token);
      expect(result).toMatchObject({ ok: true });
      token = result.ok ? result.token : '';
    }
    expect(await living()).toHaveLength(5);
  });

  it('lets a session expire rather than forget the proof of a theft', async () => {
    const { families } = setUp({ maxPerFamily: 4 });
    const { token: stolen } = await families.start({ subject: 'u' });
    let token = stolen;
    for (let i = 0; i < 3; i++) {
      const result = await families.rotate(token);
      expect(result).toMatchObject({ ok: true });
      token = result.ok ? result.token : '';
    }
    expect(await families.rotate(token)).toMatchObject({ ok: false, reason: 'expired' });
    expect(await families.rotate(stolen)).toMatchObject({ ok: false, reason: 'expired' });
    expect(await families.list('u')).toEqual([]);
  });

  it('forgets the dead, a day after', async () => {
    const { families, now, store } = setUp({});
    const first = await families.start({ subject: 'first' });
    for (let i = 0; i < 600; i++) await families.start({ subject: `u${i}` });
    now.advance(14 * day);
    for (let i = 0; i < 600; i++) await families.start({ subject: `v${i}` });
    expect(await families.rotate(first.token)).toMatchObject({ reason: 'expired' });
    now.advance(day);
    for (let i = 0; i < 3_000; i++) await families.start({ subject: `w${i}` });
    expect(await store.find(first.session.id)).toBeUndefined();
    expect(await families.rotate(first.token)).toEqual({ ok: false, reason: 'unknown' });
    expect(await families.list('v7')).toHaveLength(1);
  });

  it('hands out records that nothing changes afterwards, and takes no digest twice', async () => {
    const { families, store } = setUp({});
    const { token, session } = await families.start({ subject: 'u' });
    const before = await store.find(session.id);
    await families.revoke(session.id);
    expect(before?.revokedAt).toBeUndefined();
    expect((await store.find(session.id))?.revokedAt).toBeDefined();
    if (!before) throw new Error('not found');
    const conflict = expect.objectContaining({ code: 'TOKEN_STORE_CONFLICT' });
    await expect(store.create(before, 'digest')).rejects.toThrow(conflict);
    await store.create({ ...before, id: 'other' }, 'digest');
    await expect(store.create({ ...before, id: 'third' }, 'digest')).rejects.toThrow(conflict);
    expect(token).toBeTruthy();
  });

  it.each([
    { maxFamilies: 0 },
    { maxTokens: Number.NaN },
    { maxPerSubject: -1 },
    { maxPerFamily: 1 },
    { max: 1 },
  ])("can't be made with %j", (options) => {
    expect(() => memoryRefreshStore(options as never)).toThrow(ConfigError);
  });
});
