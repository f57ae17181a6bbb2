/** What a text was read as, or what is wrong with it, as the rest of a sentence and without the value. */
export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string };

/** How a secret is read from its text. */
export interface SecretField<T, Optional extends boolean = boolean> {
  readonly optional: Optional;
  read(text: string): Reading<T>;
}

/** How a setting that is no secret is read from its text. */
export interface SettingField<T, Optional extends boolean = boolean> extends SecretField<T, Optional> {
  readonly setting: true;
  /** What it is where the variable is absent. */
  readonly fallback?: { readonly value: T };
}

/** The same field, allowed to be absent. What is there must still be good. */
export function optional<T>(field: SettingField<T>): SettingField<T, true>;
export function optional<T>(field: SecretField<T>): SecretField<T, true>;
export function optional<T>(field: SecretField<T>): SecretField<T, true> {
  return { ...field, optional: true };
}

/** The same setting with a value for where it is absent. Secrets have no default: one that is in the code is known. */
export function withDefault<T>(field: SettingField<T>, value: T): SettingField<T, false> {
  return { ...field, optional: false, fallback: { value } };
}

/** A setting that nothing should print, such as a password that another service gave out; its strength is not judged. */
export function hidden<T, Optional extends boolean>(
  field: SettingField<T, Optional>,
): SecretField<T, Optional> {
  return { optional: field.optional, read: (text) => field.read(text) };
}

/** Whether a field is a setting's. */
export function isSetting(field: SecretField<unknown>): field is SettingField<unknown> {
  return 'setting' in field && field.setting === true;
}

/** Something is wrong. */
export function wrong(problem: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem };
}
