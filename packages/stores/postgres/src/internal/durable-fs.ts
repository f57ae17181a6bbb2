import { closeSync, fsyncSync, openSync } from 'node:fs';
import { NodeFS } from '@electric-sql/pglite/nodefs';

type Init = NodeFS['init'];

/** What is used of Emscripten's file system on Node's: nothing here is in its published types. */
interface NodeFileSystem {
  stream_ops: { fsync?: (stream: { readonly nfd?: number; readonly node: unknown }) => number };
  realPath(node: unknown): string;
}

/**
 * PGlite's folder with `fsync` put in: Emscripten answers it without doing anything, so what PostgreSQL takes for safe on the disk is in the
 * system's cache, and a power cut loses acknowledged writes.
 */
export class DurableFS extends NodeFS {
  override async init(...[pg, options]: Parameters<Init>): ReturnType<Init> {
    const { emscriptenOpts } = await super.init(pg, options);
    const preRun = [emscriptenOpts.preRun ?? []].flat();
    const addFsync: (typeof preRun)[number] = (module) => {
      // The module carries it at run time only; should it be missing one day, this throws and nothing opens.
      const files = (module as unknown as { NODEFS: NodeFileSystem }).NODEFS;
      files.stream_ops.fsync = ({ nfd, node }) => {
        if (nfd === undefined) syncFolder(files.realPath(node));
        else fsyncSync(nfd);
        return 0;
      };
    };
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...preRun, addFsync] } };
  }
}

function syncFolder(path: string): void {
  if (process.platform === 'win32') return; // has no such thing
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
