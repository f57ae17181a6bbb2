import { type KeyFacts, keyKind } from './keys.js';
import { masks, type Places, step } from './paths.js';
import { sign, signsOf } from './signs.js';
import type { MaskText } from './text.js';
import { unfold, unreadable } from './unfold.js';

/** What the writer needs to know. */
export interface WriterParts {
  readonly censor: string;
  readonly keys: (key: string) => KeyFacts;
  readonly text: MaskText;
  readonly maxDepth: number;
  readonly maxNodes: number;
  readonly places: Places;
}

/** One call's state: what is being written, outermost first, and how much more may be. */
interface Run {
  readonly open: object[];
  nodes: number;
}

/** Writes a value as JSON with every secret masked, in one pass that reads each member once and changes none. */
export type Writer = (value: unknown) => string | undefined;

export function createWriter(parts: WriterParts): Writer {
  const { keys, text, maxDepth, maxNodes, places: root } = parts;
  const censored = JSON.stringify(parts.censor);

  function write(value: unknown, run: Run, places: Places): string | undefined {
    switch (typeof value) {
      case 'string':
        return string(value, run);
      case 'number':
        return value > 99_999_999_999 ? number(value) : Number.isFinite(value) ? `${value}` : 'null';
      case 'boolean':
        return value ? 'true' : 'false';
      case 'object':
        return value === null ? 'null' : object(value, run, places);
      case 'bigint':
      case 'symbol':
        return string(String(value), run);
      case 'function':
        return '"[function]"';
      default:
        return undefined;
    }
  }

  function string(value: string, run: Run): string {
    run.nodes -= value.length >> 6;
    if (run.nodes < 0) return '"[truncated]"';
    const signs = signsOf(value);
    if (signs === 0) return `"${value}"`;
    const masked = (signs & sign.open) !== 0 ? (json(value, run) ?? text(value, signs)) : text(value, signs);
    return (signs & sign.escape) === 0 && masked === value ? `"${value}"` : JSON.stringify(masked);
  }

  /** A text that is JSON is masked as what it says, unless that changes nothing. */
  function json(value: string, run: Run): string | undefined {
    const first = value[0];
    const last = value[value.length - 1];
    if (!((first === '{' && last === '}') || (first === '[' && last === ']'))) return undefined;
    try {
      const parsed: unknown = JSON.parse(value);
      const written = write(parsed, run, undefined);
      return written === undefined || written === JSON.stringify(parsed) ? undefined : written;
    } catch {
      return undefined;
    }
  }

  function number(value: number): string {
    const digits = Number.isFinite(value) ? String(value) : 'null';
    return text(digits, sign.all) === digits ? digits : censored;
  }

  function object(value: object, run: Run, places: Places): string | undefined {
    const { open } = run;
    if (--run.nodes < 0) return '"[truncated]"';
    if (open.length >= maxDepth) return '"[too deep]"';
    if (open.includes(value)) return '"[circular]"';
    open.push(value);
    try {
      if (Array.isArray(value)) return list(value, run, places, false);
      const prototype: unknown = Object.getPrototypeOf(value);
      const plain = prototype === Object.prototype || prototype === null;
      if (!plain || Object.hasOwn(value, 'toJSON')) {
        const unfolded = unfold(value);
        if (unfolded) return write(unfolded.plain, run, places);
      }
      return members(value as Record<string, unknown>, run, places, plain); // any object has members
    } catch {
      return `"${unreadable}"`;
    } finally {
      open.pop();
    }
  }

  function members(value: Record<string, unknown>, run: Run, places: Places, plain: boolean): string {
    let out = '';
    // Reading a member by the name that for-in has just given is much the fastest way; a plain object inherits none.
    for (const name in value) {
      if (!plain && !Object.hasOwn(value, name)) continue;
      if (--run.nodes < 0) {
        out += `${out === '' ? '{' : ','}"[truncated]":true`;
        break;
      }
      let member: unknown;
      try {
        member = value[name];
      } catch {
        member = unreadable;
      }
      const facts = keys(name);
      const written =
        facts.kind === 0 && places === undefined
          ? write(member, run, undefined)
          : special(value, name, facts, member, run, places);
      if (written !== undefined) out += (out === '' ? '{' : ',') + facts.json + written;
    }
    return out === '' ? '{}' : `${out}}`;
  }

  /** A member that its key or its place says something of. */
  function special(
    value: Record<string, unknown>,
    name: string,
    { kind }: KeyFacts,
    member: unknown,
    run: Run,
    places: Places,
  ): string | undefined {
    const next = step(places, name);
    if (masks(next) || hides(kind, member)) return censored;
    if (kind === keyKind.sibling && secretSibling(value)) return censored;
    if (kind === keyKind.pairs && Array.isArray(member)) return list(member, run, next, true);
    return write(member, run, next);
  }

  function list(value: readonly unknown[], run: Run, places: Places, flat: boolean): string {
    let out = '';
    for (let i = 0; i < value.length; i++) {
      if (--run.nodes < 0) {
        out += `${out === '' ? '[' : ','}"[truncated: ${value.length - i} more]"`;
        break;
      }
      const item: unknown = value[i];
      const next = places === undefined ? undefined : step(places, String(i));
      let written: string | undefined;
      if ((next !== undefined && masks(next)) || (flat && i % 2 === 1 && named(value[i - 1])))
        written = censored;
      // Headers and form fields as pairs: the first says what the second is.
      else if (Array.isArray(item) && item.length === 2 && named(item[0])) {
        written = `[${string(item[0], run)},${censored}]`;
      } else written = write(item, run, next);
      out += (out === '' ? '[' : ',') + (written ?? 'null');
    }
    return out === '' ? '[]' : `${out}]`;
  }

  /** Whether a value is the name of a secret. */
  function named(value: unknown): value is string {
    return typeof value === 'string' && value.length <= 256 && keys(value).kind === keyKind.secret;
  }

  /** `{ name: 'authorization', value: … }`, as HAR files and forms have it. */
  function secretSibling(value: Record<string, unknown>): boolean {
    return named(value.name) || named(value.key) || named(value.header);
  }

  return function writeMasked(value) {
    return write(value, { open: [], nodes: maxNodes }, root);
  };
}

/** Whether a member of a secret key is masked: what is absent, and a yes or no, is no secret. */
function hides(kind: number, value: unknown): boolean {
  if (value === null || value === undefined || typeof value === 'boolean') return false;
  return kind === keyKind.secret || (kind === keyKind.countable && typeof value !== 'number');
}
