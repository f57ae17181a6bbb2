import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import type { SecretProblem } from '../errors.js';

/** What stands in the environment for one variable, read from its file where it names one. */
export type Found =
  | { readonly ok: true; readonly text: string | undefined; readonly ofFile: boolean }
  | ({ readonly ok: false } & SecretProblem);

/** Where texts come from. */
export interface Source {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => string;
}

/** The most bytes that a secret's file may have, and the most characters of a variable. */
const longest = 65_536;
/** How often files are read again that change meanwhile. */
const attempts = 5;

/**
 * The texts of some variables, all of one moment: files are read until two readings agree, so that a set which is
 * replaced meanwhile, as Kubernetes does by turning one link, is never taken half old and half new.
 */
export function readTexts(variables: readonly string[], source: Source): Map<string, Found> {
  const read = (): Map<string, Found> =>
    new Map(variables.map((variable) => [variable, textOf(variable, source)]));
  let texts = read();
  if (!variables.some((variable) => ownText(source.env, `${variable}_FILE`) !== undefined)) return texts;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const again = read();
    const changed = variables.filter((variable) => !isSame(texts.get(variable), again.get(variable)));
    if (changed.length === 0) return again;
    texts = again;
    if (attempt < attempts - 1) continue;
    for (const variable of changed) {
      texts.set(variable, {
        ok: false,
        variable: `${variable}_FILE`,
        problem: 'names a file that changes while it is read: replace it whole, by renaming',
      });
    }
  }
  return texts;
}

function isSame(one: Found | undefined, other: Found | undefined): boolean {
  if (one?.ok && other?.ok) return one.text === other.text;
  return one?.ok === other?.ok;
}

function textOf(name: string, { env, readFile }: Source): Found {
  const inEnv = ownText(env, name);
  const path = ownText(env, `${name}_FILE`);
  const variable = path === undefined ? name : `${name}_FILE`;
  if (inEnv !== undefined && path !== undefined) {
    return { ok: false, variable: name, problem: `and ${name}_FILE are both set: keep one` };
  }
  let text = inEnv;
  if (path !== undefined) {
    try {
      text = readFile(path).replace(/\r?\n$/, '');
    } catch (error) {
      return { ok: false, variable, problem: `names a file that can't be read${reasonOf(error)}` };
    }
    if (text === '') return { ok: false, variable, problem: 'names an empty file' };
  }
  if (text !== undefined && text.length > longest)
    return { ok: false, variable, problem: `holds more than ${longest} characters` };
  return { ok: true, text, ofFile: path !== undefined };
}

/** A variable's text; an empty one counts as none, as shells and containers set them. */
function ownText(env: Source['env'], name: string): string | undefined {
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  return value === undefined || value === '' ? undefined : value;
}

/** Why a file was refused, in words that hold nothing of it. */
class Unreadable extends Error {}

function reasonOf(error: unknown): string {
  if (error instanceof Unreadable) return ` (${error.message})`;
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^E[A-Z]{2,20}$/.test(code) ? ` (${code})` : '';
}

/** Reads a small regular file as UTF-8. A pipe would hold the start up for ever, and a device has no end. */
export function readSmallFile(path: string): string {
  if (!statSync(path).isFile()) throw new Unreadable('it is no regular file');
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!fstatSync(file).isFile()) throw new Unreadable('it is no regular file');
    const bytes = Buffer.alloc(longest + 1); // one more than may be there, however large it says it is
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      read = readSync(file, bytes, length, bytes.length - length, null);
    if (length > longest) throw new Unreadable(`it has more than ${longest} bytes`);
    return decode(bytes.subarray(0, length));
  } finally {
    closeSync(file);
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Unreadable('it is not UTF-8');
  }
}
