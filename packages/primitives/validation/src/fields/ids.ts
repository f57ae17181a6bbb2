import { formatWrong, textSchema, type Wrong, wrong } from '../internal/text-schema.js';
import type { TextField } from './text.js';

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
// 128 bits are 26 digits of Crockford's base32, of which the first has only three bits
const ulidPattern = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/i;
const longerThanUuid = wrong('max_length', 36);
const longerThanUlid = wrong('max_length', 26);

function readUuid(text: string): string | Wrong {
  if (text.length > 36) return longerThanUuid;
  return uuidPattern.test(text) ? text.toLowerCase() : formatWrong;
}

function readUlid(text: string): string | Wrong {
  if (text.length > 26) return longerThanUlid;
  return ulidPattern.test(text) ? text.toUpperCase() : formatWrong;
}

export function uuid(): TextField {
  return textSchema(readUuid);
}

export function ulid(): TextField {
  return textSchema(readUlid);
}

export function id(): TextField {
  return textSchema((text) => (text.length === 26 ? readUlid(text) : readUuid(text)));
}
