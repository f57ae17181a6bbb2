import { sha256, toBase64Url } from '@secapi/kernel';

/** The SHA-256 of a text in base64url, at once. */
export type SyncDigest = (text: string) => string;

/** As much of a runtime as is asked for. */
interface Runtime {
  readonly process?: { readonly getBuiltinModule?: (id: string) => unknown };
}

/**
 * The runtime's synchronous SHA-256, where it has one (Node, Deno, Bun): WebCrypto has only a promise, and a promise costs more than the digest.
 */
export function findSyncDigest(runtime: Runtime = globalThis as Runtime): SyncDigest | undefined {
  // The cast: no type of Node's may be named in code that runs anywhere, and what is found is tried out below.
  const module = runtime.process?.getBuiltinModule?.('node:crypto') as
    | { hash?: (algorithm: string, data: string, encoding: string) => string }
    | undefined;
  const hash = module?.hash;
  if (typeof hash !== 'function') return undefined;
  const digest: SyncDigest = (text) => hash('sha256', text, 'base64url');
  return digest('') === '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU' ? digest : undefined;
}

/** The SHA-256 of a text in base64url. */
export async function digestOf(text: string): Promise<string> {
  return toBase64Url(await sha256(text));
}
