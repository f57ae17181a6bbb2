import type { Log } from '@secapi/audit';
import type { JWK } from '@secapi/tokens';
import type { AppEnvironment } from './environment.js';
import type { Keys } from './parts/keys.js';

/**
 * Reads the files of the environment again. New signing keys take the place of the old ones; everything else waits for the
 * next start, and the log says so. What makes no sense changes nothing.
 */
export async function reload(
  { watched }: Pick<AppEnvironment, 'watched'>,
  { replace }: Pick<Keys, 'replace'>,
  log: Log,
): Promise<void> {
  const outcome = watched.reload();
  if (!outcome.ok) {
    log.error('the environment makes no sense any more, everything stays as it was', {
      problems: outcome.problems,
    });
    return;
  }
  const done: string[] = [];
  if (replace && outcome.changed.includes('SIGNING_KEYS')) {
    try {
      await replace(watched.current().SIGNING_KEYS.reveal() as readonly JWK[]); // their strength is judged by the key ring
      done.push('SIGNING_KEYS');
    } catch (error) {
      log.error('the new signing keys were refused, the old ones stay', { error });
      return;
    }
  }
  const waiting = outcome.changed.filter((name) => !done.includes(name));
  if (waiting.length > 0) log.warn('these changed, and wait for the next start', { variables: waiting });
  log.info('the environment was read again', { replaced: done });
}
