import type { IncomingMessage } from 'node:http';
import type { BodySource } from '@secapi/core';

/** How much of a body that is too large is still read and thrown away, so that its sender can read the refusal. */
const courtesy = 1_048_576;

/** Reads a body as it streams, and holds never more than `limit` bytes of it (ASVS v5.0.0-5.2.1). */
export function readBody(request: IncomingMessage, limit: number): ReturnType<BodySource['read']> {
  type Outcome = Awaited<ReturnType<BodySource['read']>>;
  if (request.readableEnded || request.readableDidRead)
    return Promise.resolve({ ok: false, reason: 'taken' });
  return new Promise<Outcome>(function collect(resolve) {
    let chunks: Buffer[] = [];
    let size = 0;

    function finish(outcome: Outcome): void {
      request.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone);
      resolve(outcome);
    }
    function onData(chunk: Buffer): void {
      size += chunk.length;
      if (size <= limit) {
        chunks.push(chunk);
        return;
      }
      chunks = [];
      if (size > limit + courtesy) {
        request.pause();
        finish({ ok: false, reason: 'too_large' });
      }
    }
    function onEnd(): void {
      finish(
        size > limit
          ? { ok: false, reason: 'too_large' }
          : { ok: true, bytes: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks) },
      );
    }
    function onGone(): void {
      finish({ ok: false, reason: 'aborted' });
    }

    request.on('data', onData).once('end', onEnd).once('error', onGone).once('close', onGone);
  });
}
