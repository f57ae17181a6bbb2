import { SecapiError } from '@secapi/kernel';

/** What is wrong with one variable; never its value. */
export interface SecretProblem {
  readonly variable: string;
  /** The rest of a sentence that begins with the variable, and what to write instead: `is missing: set it …`. */
  readonly problem: string;
}

/** Every variable that can't be used, in one error. It holds the variables' names and never a value. */
export class SecretsError extends SecapiError<'SECRETS_INVALID'> {
  readonly problems: readonly SecretProblem[];

  /** @param kind what the variables are, in one word */
  constructor(problems: readonly SecretProblem[], kind: 'secret' | 'variable' = 'secret') {
    const count = problems.length === 1 ? `a ${kind}` : `${problems.length} ${kind}s`;
    const lines = problems.map(({ variable, problem }) => `- ${variable} ${problem}`);
    super('SECRETS_INVALID', `${count} can't be used:\n${lines.join('\n')}`);
    this.name = 'SecretsError';
    this.problems = Object.freeze(problems.map((each) => Object.freeze({ ...each })));
  }
}
