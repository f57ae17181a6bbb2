import { randomBytes } from 'node:crypto';
import { formsOf, type WrittenForm } from './forms.js';

/** Texts to look through, by what they are: `{ log, trail, answers }`. */
export type Outputs = Readonly<Record<string, string>>;

/** A canary that got out. */
export interface Leak {
  /** What it was planted as. */
  readonly canary: string;
  /** How it was written: whole or in part, encoded, reversed. */
  readonly form: string;
  readonly output: string;
  readonly offset: number;
}

/** Secrets that nobody else knows, and the search for them. */
export interface Canaries {
  /** A new canary to send or to store: 24 small letters and digits. The same name gives another one each time. */
  plant(name: string): string;
  /** Every canary that stands in these texts, in whole or by half, encoded or not. */
  leaks(outputs: Outputs): Leak[];
  /**
   * Fails when a canary stands in one of these texts; also when there is nothing to find or nowhere to look, for then nothing was tested.
   *
   * @throws Error that names canaries, outputs and places, and holds no canary
   */
  expectNoLeak(outputs: Outputs): void;
}

/**
 * Makes canaries: secrets to send into an API, and store and fail with, of which none may come out of it again.
 *
 * @example
 * ```ts
 * const canaries = createCanaries();
 * await send({ password: canaries.plant('a password in a body') });
 * canaries.expectNoLeak({ log: output(), answer: answer.text });
 * ```
 */
export function createCanaries(): Canaries {
  const planted: { readonly name: string; readonly forms: readonly WrittenForm[] }[] = [];

  function plant(name: string): string {
    // Of letters that mean nothing in a URL, in JSON or in a pattern, so that it stays what it is on its way in.
    const secret = [...randomBytes(24)].map((byte) => alphabet[byte % alphabet.length]).join('');
    planted.push({ name, forms: formsOf(secret) });
    return secret;
  }

  function leaks(outputs: Outputs): Leak[] {
    return Object.entries(outputs).flatMap(([output, text]) => {
      const small = text.toLowerCase();
      return planted.flatMap(({ name, forms }) => {
        const found = forms.find((each) => (each.anyCase ? small : text).includes(each.text));
        if (!found) return [];
        const offset = (found.anyCase ? small : text).indexOf(found.text);
        return [{ canary: name, form: found.form, output, offset }];
      });
    });
  }

  function expectNoLeak(outputs: Outputs): void {
    if (planted.length === 0) throw new Error('no canary was planted: nothing can be found');
    for (const [output, text] of Object.entries(outputs)) {
      if (typeof text !== 'string' || text === '')
        throw new Error(`${output} is empty: there is nothing to look through`);
    }
    if (Object.keys(outputs).length === 0) throw new Error('there is no output to look through');
    const found = leaks(outputs);
    if (found.length === 0) return;
    const lines = found.map(
      ({ canary, form, output, offset }) => `${canary}: ${form}, in ${output} at ${offset}`,
    );
    throw new Error(`canaries got out:\n${lines.join('\n')}`);
  }

  return { plant, leaks, expectNoLeak };
}

const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
