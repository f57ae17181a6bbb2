export { type SecretProblem, SecretsError } from './errors.js';
export {
  hidden,
  optional,
  type Reading,
  type SecretField,
  type SettingField,
  withDefault,
} from './field.js';
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
export {
  type Environment,
  type EnvironmentSchema,
  type ReadEnvironmentOptions,
  readEnvironment,
  readSecrets,
} from './read-environment.js';
export { isSecret, type Secret, secret, secretEquals } from './secret.js';
export { choice, duration, flag, integer, list, setting, text } from './settings.js';
export {
  type Reloaded,
  type SecretsChange,
  type WatchedSecrets,
  type WatchSecretsOptions,
  watchSecrets,
} from './watch-secrets.js';
