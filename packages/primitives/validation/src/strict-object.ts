import * as v from 'valibot';

/**
 * A valibot schema of an object with exactly these entries: an unknown key is refused, so nobody can assign what wasn't offered
 * (ASVS v5.0.0-15.3.3). Unlike valibot's own it refuses an array too, which otherwise passes for an object without keys.
 *
 * @example
 * ```ts
 * const NewPost = strictObject({ title: fields.title(), html: fields.html() });
 * ```
 */
export function strictObject<const Entries extends v.ObjectEntries>(
  entries: Entries,
): v.StrictObjectSchema<Entries, undefined> {
  const schema = v.strictObject(entries);
  const run = schema['~run'];
  const runWithoutArrays: typeof run = function (this: typeof schema, dataset, config) {
    return run.call(this, Array.isArray(dataset.value) ? { value: noObject } : dataset, config);
  };
  // put into valibot's own object, whose `~standard` calls `~run` on it
  return Object.assign(schema, { '~run': runWithoutArrays });
}

/** Anything that is neither an object nor missing. */
const noObject = 'array';
