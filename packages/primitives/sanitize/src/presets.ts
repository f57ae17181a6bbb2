import { ConfigError } from '@secapi/kernel';

/** The name of a list of tags and attributes. */
export type SanitizerPreset = 'plain' | 'basic' | 'comment' | 'article' | 'email';

interface Lists {
  readonly tags: readonly string[];
  readonly attributes: readonly string[];
}

const comment = 'a b blockquote br code del em i li ol p pre s strong u ul';
const tables = 'caption col colgroup table tbody td tfoot th thead tr';
const headings = 'h1 h2 h3 h4 h5 h6';

const presets: Readonly<Record<SanitizerPreset, Lists>> = {
  plain: lists('', ''),
  basic: lists('b i em strong p', ''),
  comment: lists(comment, 'href'),
  article: lists(
    `${comment} ${tables} ${headings} abbr cite dd dfn div dl dt figcaption figure hr ins kbd mark q samp small span sub sup time var wbr`,
    'cite colspan datetime dir href lang reversed rowspan scope start title',
  ),
  // mail clients know tables and the attributes of HTML 4, and little of what came later
  email: lists(
    `${comment} ${tables} ${headings} center div font hr small span sub sup`,
    'align bgcolor border cellpadding cellspacing color colspan dir face height href lang rowspan size start title valign width',
  ),
};

/**
 * The lists of a preset.
 *
 * @throws ConfigError when there is none of this name
 */
export function presetOf(name: SanitizerPreset): Lists {
  if (!Object.hasOwn(presets, name)) {
    throw new ConfigError(
      'sanitizer.preset',
      'is not a preset',
      `use one of ${Object.keys(presets).join(', ')}`,
    );
  }
  return presets[name];
}

function lists(tags: string, attributes: string): Lists {
  const split = (names: string): string[] => names.split(' ').filter(Boolean);
  return { tags: split(tags), attributes: split(attributes) };
}
