import { SecapiError } from '@secapi/kernel';

/** What is wrong with one variable; never its value. */
export interface SecretProblem {
  readonly variable: string;
  /** The rest of a sentence that begins with the variable: `is missing`. */
  readonly problem: string;
}

/** Every secret that can't be used, in one error. It holds the variables' names and never a value. */
export class SecretsError extends SecapiError<'SECRETS_INVALID'> {
  readonly problems: readonly SecretProblem[];

  constructor(problems: readonly SecretProblem[]) {
    const count = problems.length === 1 ? 'a secret' : `${problems.length} secrets`;
    const lines = problems.map(({ variable, problem }) => `- ${variable} ${problem}`);
    super('SECRETS_INVALID', `${count} can't be used:\n${lines.join('\n')}`);
    this.name = 'SecretsError';
    this.problems = Object.freeze(problems.map((each) => Object.freeze({ ...each })));
  }
}
