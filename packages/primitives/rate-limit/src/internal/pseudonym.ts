import { type MaybePromise, toBase64Url, utf8 } from '@secapi/kernel';

interface NodeCrypto {
  createHmac(
    algorithm: 'sha256',
    key: Uint8Array,
  ): { update(text: string): { digest(encoding: 'base64url'): string } };
}

/** HMAC-SHA256 of a text in base64url: at once where the runtime can (Node, Bun, Deno), else a promise by WebCrypto. */
export function createPseudonym(key: Uint8Array): (text: string) => MaybePromise<string> {
  const secret = new Uint8Array(key);
  const node = nodeCrypto();
  if (node) return (text) => node.createHmac('sha256', secret).update(text).digest('base64url');
  const imported = crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return async function pseudonym(text) {
    return toBase64Url(new Uint8Array(await crypto.subtle.sign('HMAC', await imported, utf8(text))));
  };
}

function nodeCrypto(): NodeCrypto | undefined {
  // Not every runtime has a `process`, and its types belong to one of them.
  const { process } = globalThis as {
    process?: { getBuiltinModule?: (name: string) => NodeCrypto | undefined };
  };
  return process?.getBuiltinModule?.('node:crypto');
}
