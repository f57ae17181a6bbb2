import { canonicalEmail, type PasswordRules } from '@secapi/accounts';
import type { PasswordHasher } from '@secapi/hashing';
import { ConfigError, systemClock, uuidv7 } from '@secapi/kernel';
import type { Accounts } from '../domain/accounts.js';

/**
 * Makes the first administrator, if nobody has the address yet; who has it is given the role.
 *
 * @throws ConfigError naming the variable that can't be used
 */
export async function ensureAdmin(
  admin: { readonly email: string; readonly password: string },
  parts: {
    readonly accounts: Accounts;
    readonly hasher: PasswordHasher;
    readonly passwordRules: PasswordRules;
    readonly production: boolean;
  },
): Promise<void> {
  const { accounts, hasher, passwordRules, production } = parts;
  const email = canonicalEmail(admin.email);
  if (!email)
    throw new ConfigError('ADMIN_EMAIL', 'is not an e-mail address', 'write one like admin@example.com');
  const verdict = await passwordRules.check(admin.password, [email]);
  if (production && !verdict.ok)
    throw new ConfigError('ADMIN_PASSWORD', 'is refused by the password rules', verdict.message);
  const standing = await accounts.findByEmail(email);
  if (standing) {
    if (standing.role !== 'admin') await accounts.setRole(standing.id, 'admin');
    return;
  }
  await accounts.create({
    id: uuidv7(),
    email,
    name: 'Administrator',
    role: 'admin',
    emailVerified: true,
    passwordHash: await hasher.hash(admin.password),
    createdAt: systemClock(),
  });
}
