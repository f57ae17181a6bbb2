import { type PartHead, readPartHead } from './part-head.js';

/** What is done with the parts of a form; `false` ends the reading. */
export interface PartSink {
  begin(head: PartHead): boolean;
  data(bytes: Uint8Array): boolean;
  end(): boolean;
}

/** What became of a chunk: `syntax` says that this is no form, `stopped` that the sink has seen enough. */
export type Written = 'more' | 'syntax' | 'stopped';

/** Takes a body as it streams. */
export interface MultipartReader {
  write(chunk: Uint8Array): Written;
  /** Whether the body has come to its end. */
  complete(): boolean;
}

const maxHeadBytes = 2_048;
const cr = 13;
const lf = 10;
const dash = 45;
const nothing: Uint8Array = new Uint8Array(0);
const blankLine: Uint8Array = new Uint8Array([cr, lf, cr, lf]);

const findBlankLine: (bytes: Uint8Array) => number = finder(blankLine);

/**
 * Reads `multipart/form-data` (RFC 7578) by the strict core of its grammar: no preamble, no white space after a boundary, nothing behind the
 * last one but a line break, so that no two readers see different parts. Nothing is held but what may be a boundary or a head that isn't whole.
 */
export function createMultipartReader(boundary: string, sink: PartSink): MultipartReader {
  const delimiter = new TextEncoder().encode(`\r\n--${boundary}`);
  const findDelimiter = finder(delimiter);
  let state: 'start' | 'after' | 'head' | 'body' | 'end' = 'start';
  let held = nothing;
  /** How much of what is held was looked at for the end of a head: a sender can make every chunk a single byte. */
  let looked = 0;
  let trailing = 0;

  /** Does one step at the start of some bytes: how many it used up, or why it ends. None used up means that more must come. */
  function step(bytes: Uint8Array): number | 'syntax' | 'stopped' {
    if (state === 'start') {
      const first = delimiter.subarray(2); // no line break before it
      if (!startsAlike(bytes, 0, first)) return 'syntax';
      if (bytes.length < first.length) return 0;
      state = 'after';
      return first.length;
    }
    if (state === 'after') {
      if (bytes.length < 2) return 0;
      if (bytes[0] === dash && bytes[1] === dash) state = 'end';
      else if (bytes[0] === cr && bytes[1] === lf) state = 'head';
      else return 'syntax';
      return 2;
    }
    if (state === 'head') {
      const end = looked + findBlankLine(bytes.subarray(looked));
      if (end > maxHeadBytes) return 'syntax';
      looked = end; // it may begin there, and nowhere before
      if (end + blankLine.length > bytes.length)
        return bytes.length > maxHeadBytes + blankLine.length ? 'syntax' : 0;
      looked = 0;
      const head = readPartHead(bytes.subarray(0, end));
      if (!head) return 'syntax';
      state = 'body';
      return sink.begin(head) ? end + blankLine.length : 'stopped';
    }
    if (state === 'body') {
      const end = findDelimiter(bytes);
      if (end > 0) return sink.data(bytes.subarray(0, end)) ? end : 'stopped';
      if (bytes.length < delimiter.length) return 0;
      state = 'after';
      return sink.end() ? delimiter.length : 'stopped';
    }
    for (const byte of bytes) if (trailing > 1 || byte !== (trailing++ === 0 ? cr : lf)) return 'syntax';
    return bytes.length;
  }

  function write(chunk: Uint8Array): Written {
    let bytes = held.length === 0 ? chunk : join(held, chunk);
    held = nothing;
    while (bytes.length > 0) {
      const used = step(bytes);
      if (typeof used === 'string') return used;
      if (used === 0) {
        held = new Uint8Array(bytes); // a copy, which slice() of Node's buffers is not: the chunk may be used again
        return 'more';
      }
      bytes = bytes.subarray(used);
    }
    return 'more';
  }

  return { write, complete: () => state === 'end' };
}

/** What finds a pattern: where it begins, whole or cut off by the end; the length of the bytes when it isn't there. */
function finder(pattern: Uint8Array): (bytes: Uint8Array) => number {
  // Horspool's: a byte that the pattern doesn't have lets all of its length be skipped
  const skips = new Uint8Array(256).fill(pattern.length);
  const last = pattern.length - 1;
  for (let i = 0; i < last; i++) skips[pattern[i] ?? 0] = last - i;
  return function find(bytes) {
    let at = 0;
    while (at + last < bytes.length) {
      if (startsAlike(bytes, at, pattern)) return at;
      at += skips[bytes[at + last] ?? 0] ?? 1;
    }
    while (at < bytes.length && !startsAlike(bytes, at, pattern)) at++;
    return Math.min(at, bytes.length);
  };
}

/** Whether what stands at a place is the pattern, or as much of it as there are bytes. */
function startsAlike(bytes: Uint8Array, at: number, pattern: Uint8Array): boolean {
  const length = Math.min(pattern.length, bytes.length - at);
  for (let i = 0; i < length; i++) if (bytes[at + i] !== pattern[i]) return false;
  return true;
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
