export { type SecretProblem, SecretsError } from './errors.js';
export { optional, type Reading, type SecretField } from './field.js';
export {
  type KeyBytesOptions,
  keyBytes,
  type NamedKey,
  namedKeys,
  type SecretTextOptions,
  secretText,
  serviceUrl,
} from './fields.js';
export { jwks, type SecretJwk } from './jwks.js';
export { type ReadSecretsOptions, readSecrets, type Secrets, type SecretsSchema } from './read-secrets.js';
export { isSecret, type Secret, secret } from './secret.js';
