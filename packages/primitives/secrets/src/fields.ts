import { ConfigError, checkNumber, checkOptions, fromBase64Url, utf8 } from '@secapi/kernel';
import { type Reading, type SecretField, wrong } from './field.js';
import { isExample } from './internal/examples.js';
import { weaknessOfBytes, weaknessOfText } from './internal/weak.js';

const advice = 'make one with: openssl rand -base64 32';

/** How good a secret must be. */
export interface SecretTextOptions {
  /** The fewest bytes. @default 32 */
  readonly min?: number;
  /** How many bits it must leave to guess, by a cautious estimate: 128 random ones count as some 112 at the least. @default 100 */
  readonly bits?: number;
}

/**
 * A secret that is used as the text it is.
 *
 * Refused are fewer than 32 bytes, repetitions, sequences, walks over the keyboard and well-known examples (ASVS v5.0.0-11.2.3).
 */
export function secretText(options: SecretTextOptions = {}): SecretField<string, false> {
  checkOptions('secretText', options, ['min', 'bits']);
  const bits = checkNumber('secretText.bits', options.bits ?? 100, { min: 64, max: 512 });
  const min = checkNumber('secretText.min', options.min ?? 32, { min: 16, max: 4_096 });
  return {
    optional: false,
    read(text) {
      if (utf8(text).length < min) return wrong(`is shorter than ${min} bytes: ${advice}`);
      const weakness = weaknessOfText(text, bits);
      return weakness ? wrong(`${weakness}: ${advice}`) : { ok: true, value: text };
    },
  };
}

/** How a key's bytes are written: always told, never guessed from the text. */
export interface KeyBytesOptions {
  /** The fewest bytes. @default 32 */
  readonly min?: number;
  /** `base64url` takes the characters and the padding of base64 as well. @default 'base64url' */
  readonly encoding?: 'base64url' | 'hex';
}

/** The bytes of a symmetric key. */
export function keyBytes(options: KeyBytesOptions = {}): SecretField<Uint8Array<ArrayBuffer>, false> {
  checkOptions('keyBytes', options, ['min', 'encoding']);
  const min = checkNumber('keyBytes.min', options.min ?? 32, { min: 16, max: 4_096 });
  const { encoding = 'base64url' } = options;
  if (encoding !== 'base64url' && encoding !== 'hex') {
    throw new ConfigError('keyBytes.encoding', 'is not known', "use 'base64url' or 'hex'");
  }
  return { optional: false, read: (text) => readKey(text, min, encoding) };
}

/** A key with the id by which what it made names it. */
export interface NamedKey {
  readonly id: string;
  readonly key: Uint8Array<ArrayBuffer>;
}

/** Several keys as `id:base64url`, separated by commas, the current one first: for peppers and their rotation. */
export function namedKeys(options: KeyBytesOptions = {}): SecretField<readonly NamedKey[], false> {
  const one = keyBytes(options);
  return {
    optional: false,
    read(text) {
      const keys: NamedKey[] = [];
      for (const [i, part] of text.split(',').entries()) {
        const [, id, written] = /^\s*([A-Za-z0-9_-]{1,32}):(\S+)\s*$/.exec(part.slice(0, 16_384)) ?? [];
        if (id === undefined || written === undefined)
          return wrong('is not a list of id:key, separated by commas');
        if (keys.some((key) => key.id === id)) return wrong(`has two keys with the id of number ${i + 1}`);
        const reading = one.read(written);
        if (!reading.ok) return wrong(`has a key (number ${i + 1}) that ${reading.problem}`);
        keys.push({ id, key: reading.value });
      }
      return { ok: true, value: keys };
    },
  };
}

/** The URL of a database or another service, with its credentials. */
export function serviceUrl(options: { readonly protocols: readonly string[] }): SecretField<string, false> {
  checkOptions('serviceUrl', options, ['protocols']);
  const { protocols } = options;
  if (
    !Array.isArray(protocols) ||
    protocols.length === 0 ||
    !protocols.every((each) => /^[a-z][a-z0-9+.-]*:$/.test(each))
  ) {
    throw new ConfigError(
      'serviceUrl.protocols',
      'is not a list of protocols',
      "write ['postgres:', 'postgresql:']",
    );
  }
  return {
    optional: false,
    read(text) {
      const known = `is not a URL with ${protocols.join(' or ')}`;
      if (!URL.canParse(text)) return wrong(known);
      return protocols.includes(new URL(text).protocol) ? { ok: true, value: text } : wrong(known);
    },
  };
}

function readKey(text: string, min: number, encoding: 'base64url' | 'hex'): Reading<Uint8Array<ArrayBuffer>> {
  const bytes = encoding === 'hex' ? fromHex(text) : fromBase64(text);
  if (bytes === undefined) return wrong(`is not ${encoding}: ${advice}`);
  // Read as base64, hexadecimal gives half as many bytes again as it is worth.
  if (encoding === 'base64url' && text.length >= 16 && /^(?:[0-9a-f]+|[0-9A-F]+)$/.test(text)) {
    return wrong("is hexadecimal where base64url is expected: declare keyBytes({ encoding: 'hex' })");
  }
  if (bytes.length < min) return wrong(`is shorter than ${min} bytes: ${advice}`);
  const weakness = isExample(text) ? 'is a well-known example' : weaknessOfBytes(bytes, bitsOfKey(min));
  return weakness ? wrong(`${weakness}: ${advice}`) : { ok: true, value: bytes };
}

/** Of what random bytes have, the estimate finds three quarters at the very least. */
export function bitsOfKey(bytes: number): number {
  return Math.min(bytes, 64) * 6;
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  return fromBase64Url(
    text
      .replace(/={1,2}$/, '')
      .replaceAll('+', '-')
      .replaceAll('/', '_'),
  );
}

function fromHex(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text.length % 2 !== 0 || !/^[0-9A-Fa-f]*$/.test(text)) return undefined;
  return Uint8Array.from({ length: text.length / 2 }, (_, i) =>
    Number.parseInt(text.slice(i * 2, i * 2 + 2), 16),
  );
}
