import { ConfigError, checkOptions } from '@secapi/kernel';
import { formatWrong, notOffered, textSchema, wrong } from '../internal/text-schema.js';
import type { TextField } from './text.js';

const longestTag = 64;
const tagTooLong = wrong('max_length', longestTag);

export function locale(options: { readonly only?: readonly string[] } = {}): TextField {
  checkOptions('locale', options, ['only']);
  const only =
    options.only &&
    new Set(
      options.only.map((tag) => {
        const canonical = canonicalTag(tag);
        if (canonical !== undefined) return canonical;
        throw new ConfigError(
          'locale.only',
          `has '${tag}', which is no language tag`,
          "write it like 'pt-BR'",
        );
      }),
    );
  return textSchema((text) => {
    if (text.length > longestTag) return tagTooLong;
    const tag = canonicalTag(text);
    if (tag === undefined) return formatWrong;
    return only && !only.has(tag) ? notOffered : tag;
  });
}

function canonicalTag(text: string): string | undefined {
  if (!/^[A-Za-z0-9-]{2,64}$/.test(text)) return undefined;
  try {
    return Intl.getCanonicalLocales(text)[0];
  } catch {
    return undefined;
  }
}

// E.164 has 15 digits; people put a sign between them
const longestPhone = 32;
const phoneTooLong = wrong('max_length', longestPhone);

export function phone(): TextField {
  return textSchema((text) => {
    if (text.length > longestPhone) return phoneTooLong;
    const digits = text.replace(/[ .()-]/g, '');
    return /^\+[1-9][0-9]{6,14}$/.test(digits) ? digits : formatWrong;
  });
}
