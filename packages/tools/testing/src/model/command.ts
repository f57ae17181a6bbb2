import type fc from 'fast-check';
import type { TestRunner } from '../runner.js';
import type { Model } from './reference.js';
import type { System } from './system.js';

/** Something that happens to the model and to the real thing alike. */
export type Command = fc.AsyncCommand<Model, System>;
export type Expect = TestRunner['expect'];

/** A command by its name, as a failing history shows it. */
export function command(
  name: string,
  can: (model: Model) => boolean,
  run: (model: Model, real: System) => Promise<void>,
): Command {
  return { check: can, run, toString: () => name };
}

export const always = (): boolean => true;
export const hasSessions = ({ sessions }: Model): boolean => sessions.length > 0;

/** One of them, the newest ones more often: `n` counts from the end. */
export function indexOf(list: readonly unknown[], n: number): number {
  return list.length - 1 - (Math.floor(Math.sqrt(n)) % list.length);
}
