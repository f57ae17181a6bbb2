import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, startApi } from './support/api.js';
import { administrator, withAdministrator } from './support/journey.js';
import { type Entry, recordRequests, requests } from './support/transcript.js';

const frameworks = ['express', 'fastify', 'koa'] as const;

describe('the three frameworks', () => {
  const apis: Api[] = [];
  const transcripts = new Map<string, Entry[]>();

  beforeAll(async () => {
    const record = async (framework: string): Promise<void> => {
      const environment = { FRAMEWORK: framework, TRUST_PROXY: '127.0.0.1/32', ...withAdministrator };
      const api = await startApi(environment);
      apis.push(api);
      transcripts.set(framework, await recordRequests(api, administrator));
    };
    await Promise.all(frameworks.map(record));
  });
  afterAll(async () => {
    for (const api of apis) await api.remove();
  });

  it.each(requests.map(({ name }, index) => [name, index] as const))(
    '%s: are one and the same',
    (_, index) => {
      const [express, fastify, koa] = frameworks.map((name) => transcripts.get(name)?.[index]);
      expect(express).toBeDefined();
      expect(fastify).toEqual(express);
      expect(koa).toEqual(express);
    },
  );
});
