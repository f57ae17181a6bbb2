import { SecapiError } from '@secapi/kernel';
import type { AccountsErrorCode } from '../errors.js';

/** Work that no answer waits for. */
export interface Background {
  run(task: () => Promise<void>): void;
  /** Resolves when nothing is under way any more. */
  idle(): Promise<void>;
}

const most = 1_000;

/**
 * What takes longer for one client than for another, such as a mail that is sent only if there is an account, is done
 * apart from the answer, whose time then tells nothing.
 */
export function createBackground(onError: (error: unknown) => void): Background {
  const underWay = new Set<Promise<void>>();

  function run(task: () => Promise<void>): void {
    if (underWay.size >= most) {
      onError(new SecapiError<AccountsErrorCode>('ACCOUNTS_BACKGROUND_FULL', 'too many mails are under way'));
      return;
    }
    const work = Promise.resolve()
      .then(task)
      .catch(onError)
      .finally(() => underWay.delete(work));
    underWay.add(work);
  }

  async function idle(): Promise<void> {
    while (underWay.size > 0) await Promise.all(underWay);
  }

  return { run, idle };
}
