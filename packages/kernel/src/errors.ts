/** The codes of the errors that the kernel itself throws. */
export type KernelErrorCode = 'CONFIG_INVALID';

/**
 * An error with a stable `code`, for a developer or an operator: it never holds a secret, a token, a claim or a body.
 *
 * Bad input from the network is not an exception in secapi but a value, `{ ok: false, reason }`.
 */
export class SecapiError<Code extends string = string> extends Error {
  readonly code: Code;

  constructor(code: Code, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'SecapiError';
    this.code = code;
  }
}

/**
 * A configuration that can't be used, found while it is constructed and never later.
 *
 * @example
 * ```ts
 * throw new ConfigError('verifier.audience', 'is missing', 'write audience: "https://api.example"');
 * ```
 */
export class ConfigError extends SecapiError<'CONFIG_INVALID'> {
  /** Where the mistake is, as a path of option names, for example `cors.origins[0]`. */
  readonly option: string;

  /**
   * @param option where: a path of option names
   * @param problem what is wrong with it, as the rest of a sentence; never the value of a secret
   * @param remedy what to write instead
   */
  constructor(option: string, problem: string, remedy: string) {
    super('CONFIG_INVALID', `${option} ${problem}: ${remedy}`);
    this.name = 'ConfigError';
    this.option = option;
  }
}
