import type { Node } from './ast.js';

/** Stands in a text for what isn't known. */
export const hole = '\0';

/** What is known of a text before the program runs. */
export interface Shape {
  /** All of it stands in the code; it was put together here with something that doesn't; or it comes from elsewhere as a whole. */
  readonly kind: 'constant' | 'built' | 'unknown';
  /** What stands in the code, with a {@link hole} for each thing that doesn't. */
  readonly text: string;
  /** Where it was put together. */
  readonly at?: Node;
}

export const unknown: Shape = { kind: 'unknown', text: hole };
/** A number: nothing that could be SQL. */
export const harmless: Shape = { kind: 'constant', text: '0' };

export function constant(text: string): Shape {
  return { kind: 'constant', text };
}

/** Parts in a row. */
export function together(parts: readonly Shape[], at: Node, between: string = ''): Shape {
  const text = parts.map((part) => part.text).join(between);
  if (parts.every(({ kind }) => kind === 'constant')) return constant(text);
  if (text === hole) return unknown; // `${x}` is x
  // Where the parts were made is where the fault is, if there is no new one.
  const [first] = parts.filter(({ kind }) => kind === 'built');
  const old = first?.at !== undefined && parts.every(({ kind }) => kind !== 'unknown');
  return { kind: 'built', text, at: old ? first.at : at };
}

/** One of several. */
export function either(shapes: readonly Shape[]): Shape {
  const built = shapes.find(({ kind }) => kind === 'built');
  if (built) return built;
  return shapes.find(({ kind }) => kind === 'unknown') ?? shapes[0] ?? unknown;
}
