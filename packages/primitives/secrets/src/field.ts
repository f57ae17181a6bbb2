/** What a text was read as, or what is wrong with it, as the rest of a sentence and without the value. */
export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string };

/** How a secret is read from its text. */
export interface SecretField<T, Optional extends boolean = boolean> {
  readonly optional: Optional;
  read(text: string): Reading<T>;
}

/** The same field, allowed to be absent. What is there must still be good. */
export function optional<T>(field: SecretField<T>): SecretField<T, true> {
  return { optional: true, read: (text) => field.read(text) };
}

/** Something is wrong. */
export function wrong(problem: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem };
}
