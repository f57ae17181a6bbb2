import { ConfigError } from '@secapi/kernel';

const knownTags = (
  'a abbr b blockquote br caption center cite code col colgroup dd del dfn div dl dt em figcaption figure font h1 h2 h3 h4 h5 h6 hr i ins kbd ' +
  'li mark ol p pre q s samp small span strong sub sup table tbody td tfoot th thead time tr u ul var wbr'
).split(' ');
const knownAttributes = (
  'abbr align bgcolor border cellpadding cellspacing cite color colspan datetime dir face height href lang reversed rowspan scope size start ' +
  'title valign width'
).split(' ');

/**
 * The tags to keep, each one of those that carry text and nothing else: no scripts, styles, forms, frames, media, SVG, MathML or elements of one's own.
 *
 * @throws ConfigError for any other
 */
export function checkTags(tags: readonly string[]): readonly string[] {
  return checkNames('sanitizer.tags', tags, knownTags);
}

/**
 * The attributes to keep, on whatever tag: none that runs, names or loads anything, and none with a language of its own, as `style` has.
 *
 * @throws ConfigError for any other
 */
export function checkAttributes(attributes: readonly string[]): readonly string[] {
  return checkNames('sanitizer.attributes', attributes, knownAttributes);
}

function checkNames(option: string, names: readonly string[], known: readonly string[]): readonly string[] {
  if (!Array.isArray(names))
    throw new ConfigError(option, 'is not a list', `list some of ${known.join(', ')}`);
  for (const [index, name] of names.entries()) {
    if (!known.includes(name)) {
      throw new ConfigError(`${option}[${index}]`, 'is not offered', `use only ${known.join(', ')}`);
    }
  }
  return [...names];
}
