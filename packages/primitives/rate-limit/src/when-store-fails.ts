import { ConfigError } from '@secapi/kernel';

/** What becomes of a limit whose store fails or is late: counted in this process's memory, refused, or let through uncounted. */
export type WhenStoreFails = 'local' | 'deny' | 'allow';

/** @throws ConfigError when it is none of the three */
export function checkWhenStoreFails(option: string, value: unknown): void {
  if (value === 'local' || value === 'deny' || value === 'allow') return;
  throw new ConfigError(option, 'is not known', "use 'local', 'deny' or 'allow'");
}
