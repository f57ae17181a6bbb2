import { describe, expect, it } from 'vitest';
import { createCors, createOriginLookup, type OriginLookupOptions } from '../src/index.js';

const tenant = 'https://tenant.example';

function setup(answer: (origin: string) => unknown, options: OriginLookupOptions = {}) {
  const at = { now: 0 };
  const asked: string[] = [];
  const failures: unknown[] = [];
  const lookup = createOriginLookup(
    (origin) => {
      asked.push(origin);
      return answer(origin) as boolean;
    },
    { now: () => at.now, onFailure: (error) => failures.push(error), ...options },
  );
  return { lookup, asked, failures, at };
}

describe('a lookup of origins', () => {
  it('allows what it is told to, and asks once for all requests of one origin at once', async () => {
    const { lookup, asked } = setup(async (origin) => origin === tenant);
    const many = await Promise.all(Array.from({ length: 50 }, () => lookup(tenant)));
    expect([many.every((one) => one), asked]).toEqual([true, [tenant]]);
    expect(await lookup('https://evil.example')).toBe(false);
  });

  it('remembers a yes and a no alike, and asks again afterwards', async () => {
    const { lookup, asked, at } = setup(async (origin) => origin === tenant, { remember: '10s' });
    for (const origin of [tenant, 'https://evil.example']) {
      await lookup(origin);
      expect(lookup(origin)).toBe(origin === tenant);
    }
    expect(asked).toHaveLength(2);
    at.now = 10_001;
    await lookup(tenant);
    await lookup('https://evil.example');
    expect(asked).toHaveLength(4);
  });

  it.each([1, 'true', {}, undefined, null, []])('takes %j for a no', async (answer) => {
    expect(await setup(() => answer).lookup(tenant)).toBe(false);
    expect(await setup(async () => answer).lookup(tenant)).toBe(false);
  });

  it.each([
    'null',
    '',
    'https://tenant.example/',
    'https://TENANT.example',
    'https://tenant.example:443',
    'https://u@tenant.example',
    'tenant.example',
    'https://tenant.example\r\nx: y',
    `https://${'a'.repeat(300)}.example`,
  ])('refuses %j without asking', async (origin) => {
    const { lookup, asked } = setup(() => true);
    expect([await lookup(origin), asked]).toEqual([false, []]);
  });

  it('refuses when it fails, tells of it, and recovers after a second', async () => {
    for (const broken of [
      () => Promise.reject(new Error('down')),
      () => {
        throw new Error('down');
      },
    ]) {
      const state = { broken: true };
      const { lookup, asked, failures, at } = setup(() => (state.broken ? broken() : true));
      expect(await lookup(tenant)).toBe(false);
      expect(await lookup(tenant)).toBe(false);
      expect([failures.length, asked.length]).toEqual([1, 1]);
      state.broken = false;
      at.now = 1_001;
      expect(await lookup(tenant)).toBe(true);
    }
  });

  it('refuses what comes too late, and remembers it for the next', async () => {
    let tell: (allowed: boolean) => void = () => {};
    const late = new Promise<boolean>((resolve) => {
      tell = resolve;
    });
    const { lookup, failures } = setup(() => late, { deadline: '20ms' });
    expect(await lookup(tenant)).toBe(false);
    expect(failures).toMatchObject([{ code: 'ORIGIN_LOOKUP_LATE' }]);
    tell(true);
    await late;
    await new Promise((resolve) => setImmediate(resolve));
    expect(lookup(tenant)).toBe(true);
  });

  it('asks no more than so many questions at once', async () => {
    const { lookup, asked, failures } = setup(() => new Promise(() => {}), { open: 3, deadline: '20ms' });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => lookup(`https://${i}.evil.example`)),
    );
    expect([answers.some((one) => one), asked.length]).toEqual([false, 3]);
    expect(failures.filter((one) => (one as { code: string }).code === 'ORIGIN_LOOKUP_BUSY')).toHaveLength(7);
  });

  it('keeps those that are allowed, however many others are asked for', async () => {
    const { lookup, asked } = setup((origin) => origin === tenant, { max: 10 });
    lookup(tenant);
    for (let i = 0; i < 1_000; i++) lookup(`https://${i}.evil.example`);
    expect(lookup(tenant)).toBe(true);
    expect(asked.filter((origin) => origin === tenant)).toHaveLength(1);
  });

  it('never lets a failing listener make it a pass', async () => {
    const { lookup } = setup(() => Promise.reject(new Error('down')), {
      onFailure: () => {
        throw new Error('deaf');
      },
    });
    expect(await lookup(tenant)).toBe(false);
  });

  it.each<[OriginLookupOptions]>([
    [{ deadline: 0 }],
    [{ deadline: '1h' }],
    [{ max: 0 }],
    [{ open: Number.NaN }],
  ])('%j is refused', (options) => {
    expect(() => createOriginLookup(() => true, options)).toThrow(/originLookup\./);
  });
});

describe('a policy with a lookup', () => {
  it('asks only for what is not listed, and answers at once where nothing has to be waited for', async () => {
    const asked: string[] = [];
    const cors = createCors({
      origins: ['https://app.example'],
      credentials: true,
      originAllowed: async (origin) => {
        asked.push(origin);
        return origin === tenant;
      },
    });
    expect(cors.actual('https://app.example')).toMatchObject({ allowed: true });
    expect(cors.actual(undefined)).toMatchObject({ allowed: true });
    expect(asked).toEqual([]);
    expect(await cors.preflight({ origin: tenant, method: 'PUT', headers: undefined })).toMatchObject({
      allowed: true,
      headers: expect.arrayContaining([['access-control-allow-origin', tenant]]),
    });
    expect(await cors.actual('https://evil.example')).toMatchObject({ allowed: false });
    expect(await cors.actual('null')).toMatchObject({ allowed: false });
    expect(asked).toEqual([tenant, 'https://evil.example']);
  });
});
