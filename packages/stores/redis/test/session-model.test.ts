import { describeSessionModel } from '@secapi/testing';
import { memoryKeyStore } from '@secapi/tokens';
import { describe, expect, it } from 'vitest';
import { redisOneTimeStore, redisRefreshStore, redisRevocations } from '../src/index.js';
import { describeOnBoth } from './support.js';

describeOnBoth('sessions', (bench) => {
  describeSessionModel(
    {
      name: 'Redis',
      runs: 60,
      async stores(now) {
        await bench.flush();
        const options = { deadline: '5s' } as const;
        return {
          refresh: redisRefreshStore(bench.client, options),
          revocations: redisRevocations(bench.client, { ...options, now }),
          oneTime: redisOneTimeStore(bench.client, { ...options, now }),
          keys: memoryKeyStore(), // signing keys don't expire by themselves, so Redis keeps none
          close: async () => {},
        };
      },
    },
    { describe, it, expect },
  );
});
