import { parseObject } from '../internal/strict-json.js';
import type { RemoteRules } from './remote-options.js';

/**
 * Fetches a JWK set (RFC 7517 §5): one request in the time allowed, no redirect, no more bytes than allowed, JSON by its type and by its content.
 *
 * @returns its keys, unchecked; `undefined` for whatever else comes back or doesn't
 */
export async function fetchJwks(rules: RemoteRules): Promise<readonly unknown[] | undefined> {
  const timeout = AbortSignal.timeout(rules.timeout);
  // A fetch of another make may not look at the signal, and would keep everybody waiting.
  const late = new Promise<undefined>((resolve) => {
    timeout.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  return Promise.race([ask(rules, timeout).catch(() => undefined), late]);
}

async function ask(rules: RemoteRules, signal: AbortSignal): Promise<readonly unknown[] | undefined> {
  const response = await rules.fetch(rules.url, {
    headers: { accept: 'application/jwk-set+json, application/json' },
    redirect: 'manual', // not every runtime knows 'error'; what comes back then is no 200
    signal,
  });
  if (response.status !== 200 || response.redirected || !isJson(response.headers.get('content-type'))) {
    await response.body?.cancel();
    return undefined;
  }
  const bytes = await readAtMost(response, rules.maxBytes);
  const keys = bytes && parseObject(bytes)?.keys;
  return Array.isArray(keys) && keys.length <= 100 ? keys : undefined;
}

function isJson(type: string | null): boolean {
  const essence = (type ?? '').split(';', 1)[0]?.trim().toLowerCase();
  return essence === 'application/json' || essence === 'application/jwk-set+json';
}

// Counted as it comes in: a length that is announced is anybody's word.
async function readAtMost(response: Response, max: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  if (!reader) return undefined;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > max) {
      await reader.cancel();
      return undefined;
    }
    chunks.push(value);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
