import type { Hide, Hiding } from '../hiding.js';
import { type KeyFacts, type Keys, keyKind } from './keys.js';
import { oneLine } from './one-line.js';
import { howAt, type Places, step } from './paths.js';
import type { MaskText } from './text.js';
import { read, unfold, unreadable } from './unfold.js';

/** What the writer needs to know. */
export interface WriterParts {
  readonly hide: Hide;
  readonly keys: Keys;
  readonly text: MaskText;
  readonly maxDepth: number;
  readonly maxNodes: number;
  readonly places: Places;
}

/** Writes a value as JSON with every secret hidden, in one pass that reads each member once and changes none. */
export type Writer = (value: unknown) => string | undefined;

export function createWriter({ hide, keys, text, maxDepth, maxNodes, places: root }: WriterParts): Writer {
  // One text that grows, and not a text from each level: half of the time went into joining those.
  let out = '';
  let nodes = 0;
  let open: object[] = [];

  /** Writes a value behind `lead`; `false` when there is nothing that JSON can say, and nothing was written. */
  function write(lead: string, value: unknown, places: Places): boolean {
    switch (typeof value) {
      case 'string':
        return string(lead, value);
      case 'number':
        return number(lead, value);
      case 'boolean':
        out += lead + value;
        return true;
      case 'object':
        if (value !== null) return object(lead, value, places);
        out += `${lead}null`;
        return true;
      case 'undefined':
        return false;
      case 'function':
        return plain(lead, '[function]');
      default:
        return string(lead, String(value));
    }
  }

  /** A text that is safe as it is. */
  function plain(lead: string, value: string): true {
    out += `${lead}"${value}"`;
    return true;
  }

  function string(lead: string, value: string): boolean {
    nodes -= value.length >> 6;
    if (nodes < 0) return plain(lead, '[truncated]');
    if (value.length < 4_096 && text.isClean(value)) return plain(lead, value);
    return quote(lead, text(json(value)));
  }

  /** A text with whatever is in it. */
  function quote(lead: string, value: string): true {
    out += lead + (escapes.test(value) ? oneLine(JSON.stringify(value)) : `"${value}"`);
    return true;
  }

  /** A text with the JSON in it masked as what it says, unless that changes nothing. */
  function json(value: string): string {
    const start = value.search(/[[{]/);
    if (start < 0) return value;
    const end = Math.max(value.lastIndexOf(']'), value.lastIndexOf('}')) + 1;
    const before = out;
    try {
      const parsed: unknown = JSON.parse(value.slice(start, end));
      out = '';
      write('', parsed, undefined);
      return out === JSON.stringify(parsed) ? value : value.slice(0, start) + out + value.slice(end);
    } catch {
      return value;
    } finally {
      out = before;
    }
  }

  function number(lead: string, value: number): boolean {
    const digits = Number.isFinite(value) ? `${value}` : 'null';
    if (value > plainNumber && text(digits) !== digits) return plain(lead, text(digits));
    out += lead + digits;
    return true;
  }

  function object(lead: string, value: object, places: Places): boolean {
    if (--nodes < 0) return plain(lead, '[truncated]');
    if (open.length >= maxDepth) return plain(lead, '[too deep]');
    if (open.includes(value)) return plain(lead, '[circular]');
    const before = out;
    open.push(value);
    try {
      if (Array.isArray(value)) return list(lead, value, places, false);
      const prototype: unknown = Object.getPrototypeOf(value);
      const isPlain = prototype === Object.prototype || prototype === null;
      if (isPlain && members(lead, value, places, true)) return true;
      out = before;
      const unfolded = unfold(value);
      return unfolded ? write(lead, unfolded.plain, places) : members(lead, value, places, false);
    } catch {
      out = before;
      return plain(lead, unreadable);
    } finally {
      open.pop();
    }
  }

  function leadsOf(name: string, facts: KeyFacts): readonly string[] {
    const key = oneLine(JSON.stringify(text(name)));
    const leads = ['{', ',', '",'].map((before) => `${before}${key}:`);
    facts.leads = [...leads, ...leads.map((lead) => `${lead}"`)];
    return facts.leads;
  }

  /** Writes an object's own members; `false` when a plain one has a `toJSON` to be asked instead. */
  function members(before: string, value: object, places: Places, isPlain: boolean): boolean {
    out += before;
    let state = 0; // which of a key's leads is next: fewer and longer parts are joined than with each quote by itself
    // Reading a member by the name that for-in has just given is much the fastest way; a plain object inherits none.
    for (const name in value) {
      if (!isPlain && !Object.hasOwn(value, name)) continue;
      const member = read(value, name);
      const facts = keys(name);
      const { kind, how, leads = leadsOf(name, facts) } = facts;
      if (kind === keyKind.json && isPlain && typeof member === 'function') return false;
      if (--nodes < 0) {
        out += `${['{', ',', '",'][state]}"[truncated]":true`;
        state = 1;
        break;
      }
      if (kind !== keyKind.open || places !== undefined) {
        if (special(leads[state] ?? '', value, name, kind, how, member, places)) state = 1;
      } else if (typeof member === 'string' && member.length < 64 && text.isClean(member)) {
        out += `${leads[state + 3]}${member}`;
        state = 2;
      } else if (typeof member === 'number' && member <= plainNumber) {
        out += `${leads[state]}${member === Number.NEGATIVE_INFINITY ? 'null' : member}`;
        state = 1;
      } else if (write(leads[state] ?? '', member, undefined)) {
        state = 1;
      }
    }
    out += ['{}', '}', '"}'][state];
    return true;
  }

  /** A member that its key or its place says something of. */
  function special(
    lead: string,
    holder: object,
    name: string,
    kind: number,
    how: Hiding,
    member: unknown,
    places: Places,
  ): boolean {
    const next = step(places, name);
    const hiding = howAt(next) ?? (hides(kind, member) ? how : undefined);
    if (hiding) return hidden(lead, hiding, member);
    if (kind === keyKind.pairs && Array.isArray(member)) return list(lead, member, next, true);
    if (kind === keyKind.sibling) {
      const { name, key, header, type } = holder as Record<string, unknown>; // any object can be asked for any member
      if (type === 'Buffer' && Array.isArray(member))
        return plain(lead, `[Buffer of ${member.length} bytes]`);
      const own = naming(name) ?? naming(key) ?? naming(header);
      if (own) return hidden(lead, own, member);
    }
    return write(lead, member, next);
  }

  function hidden(lead: string, how: Hiding, secret: unknown): boolean {
    const shown = secret === undefined ? undefined : hide(how, secret);
    return shown !== undefined && quote(lead, shown);
  }

  function list(lead: string, value: readonly unknown[], places: Places, flat: boolean): boolean {
    let next = `${lead}[`;
    const pair = value.length === 2 && !flat ? naming(value[0]) : undefined;
    for (let i = 0; i < value.length; i++) {
      if (--nodes < 0) {
        out += `${next}"[truncated: ${value.length - i} more]"`;
        next = ',';
        break;
      }
      const item: unknown = value[i];
      const at = places && step(places, String(i));
      // Headers and form fields as pairs: the first says what the second is.
      const how = howAt(at) ?? (i % 2 === 1 ? (flat ? naming(value[i - 1]) : pair) : undefined);
      if (how) {
        if (!hidden(next, how, item)) continue;
      } else if (!write(next, item, at)) {
        out += `${next}null`;
      }
      next = ',';
    }
    out += next === ',' ? ']' : `${next}]`;
    return true;
  }

  /** How the value is hidden that a text names, if it names a secret. */
  function naming(name: unknown): Hiding | undefined {
    if (typeof name !== 'string' || name.length > 256) return undefined;
    const { kind, how } = keys(name);
    return kind === keyKind.secret ? how : undefined;
  }

  return function writeMasked(value) {
    // What is written may write in turn, by its toJSON.
    const outer = { out, nodes, open };
    out = '';
    nodes = maxNodes;
    open = [];
    try {
      return write('', value, root) ? out : undefined;
    } finally {
      ({ out, nodes, open } = outer);
    }
  };
}

/** No larger number can be a card's. */
const plainNumber = 99_999_999_999;

const escapes = /[^ !#-[\]-~]/;

/** Whether a member of a secret key is hidden: what is absent, and a yes or no, is no secret. */
function hides(kind: number, value: unknown): boolean {
  if (value === null || value === undefined || typeof value === 'boolean') return false;
  return kind === keyKind.secret || (kind === keyKind.countable && typeof value !== 'number');
}
