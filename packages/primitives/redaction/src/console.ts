import type { Redactor } from './redactor.js';

/**
 * A console whose every argument has its secrets hidden, whatever is called: texts stay on one line, and objects and errors are shown
 * as plain copies.
 *
 * @example
 * ```ts
 * globalThis.console = redactedConsole(console, createRedactor());
 * ```
 */
export function redactedConsole<C extends object>(target: C, redactor: Redactor): C {
  const hide = (value: unknown): unknown => {
    if (typeof value === 'string') return redactor.text(value);
    return typeof value === 'object' ||
      typeof value === 'function' ||
      typeof value === 'symbol' ||
      typeof value === 'number'
      ? redactor.redact(value)
      : value;
  };
  return new Proxy(target, {
    get(console, name) {
      const member: unknown = Reflect.get(console, name);
      // `console.Console` makes consoles of one's own: it is no method.
      if (typeof member !== 'function' || /^[A-Z]/.test(String(name))) return member;
      return (...args: unknown[]): unknown => Reflect.apply(member, console, args.map(hide));
    },
  });
}
