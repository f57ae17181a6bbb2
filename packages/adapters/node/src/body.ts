import type { IncomingMessage } from 'node:http';
import type { BodySource } from '@secapi/core';

/** How much of a body that is too large is still read and thrown away, so that its sender can read the refusal. */
const courtesy = 1_048_576;

/**
 * Reads a body as it streams, and holds never more than `limit` bytes of it (ASVS v5.0.0-5.2.1), in one piece: a sender can make every chunk a
 * single byte, and each would take a hundred.
 *
 * @param watch is given each chunk in place of the outcome, and ends the reading by `false`
 */
export function readBody(
  request: IncomingMessage,
  limit: number,
  watch?: (chunk: Uint8Array) => boolean,
): ReturnType<BodySource['read']> {
  type Outcome = Awaited<ReturnType<BodySource['read']>>;
  if (request.readableEnded || request.readableDidRead)
    return Promise.resolve({ ok: false, reason: 'taken' });
  return new Promise<Outcome>(function collect(resolve) {
    let body: Buffer = nothing;
    let held = 0;
    let size = 0;
    /** Bytes that were read and thrown away since it is decided. */
    let dropped = 0;
    let stopped = false;

    function finish(outcome: Outcome): void {
      request.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone);
      resolve(outcome);
    }
    function keep(chunk: Buffer): true {
      if (held === 0) body = chunk;
      else {
        if (held + chunk.length > body.length) {
          const larger = Buffer.allocUnsafe(Math.min(limit, Math.max(held + chunk.length, held * 2)));
          body.copy(larger, 0, 0, held);
          body = larger;
        }
        chunk.copy(body, held);
      }
      held += chunk.length;
      return true;
    }
    function onData(chunk: Buffer): void {
      if (dropped === 0) {
        size += chunk.length;
        if (size <= limit && (watch ? watch(chunk) : keep(chunk))) return;
        stopped = size <= limit;
        body = nothing;
      }
      dropped += chunk.length;
      if (dropped > courtesy) {
        request.pause();
        onEnd();
      }
    }
    function onEnd(): void {
      if (dropped > 0 && !stopped) finish({ ok: false, reason: 'too_large' });
      else if (watch) finish(seen);
      else finish({ ok: true, bytes: held === body.length ? body : body.subarray(0, held) });
    }
    function onGone(): void {
      finish({ ok: false, reason: 'aborted' });
    }

    request.on('data', onData).once('end', onEnd).once('error', onGone).once('close', onGone);
  });
}

const nothing: Buffer = Buffer.alloc(0);
/** All of it was shown as it came. */
const seen = { ok: true, bytes: nothing } as const;
