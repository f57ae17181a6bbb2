import { ConfigError, SecapiError } from '@secapi/kernel';
import { maxClaimLength } from '../claims.js';

/**
 * A text that an option must hold.
 *
 * @throws ConfigError when it is missing, empty or too long
 */
export function checkText(option: string, value: unknown, example: string): string {
  if (typeof value !== 'string' || value === '' || value.length > maxClaimLength) {
    throw new ConfigError(
      option,
      'is missing',
      `write a text of 1 to ${maxClaimLength} characters, such as ${example}`,
    );
  }
  return value;
}

/**
 * A text that the application puts into a token or a record.
 *
 * @throws SecapiError `TOKEN_INPUT_INVALID`, without the text, when it is missing, empty or too long
 */
export function requireText(name: string, value: unknown): string {
  if (typeof value !== 'string' || value === '' || value.length > maxClaimLength) {
    throw new SecapiError(
      'TOKEN_INPUT_INVALID',
      `${name} must be a text of 1 to ${maxClaimLength} characters`,
    );
  }
  return value;
}
