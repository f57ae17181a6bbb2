// A fuzz that asked the schemas whether their own output is right would find nothing: here the same is said once more, by hand.

type Facts = Readonly<Record<string, unknown>>;

const control = /[\p{Cc}\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/u;

/** What a handler of the fuzzed route may never see, or nothing when all is as declared. */
export function unlawful({ params, query, headers, cookies, body, files }: Facts): string | undefined {
  if (files !== undefined) return 'files';
  if (!isPlain(params, ['id']) || !isText(params.id, 36, 36) || !/^[0-9a-f-]+$/.test(params.id))
    return 'params';
  if (!isPlain(query, ['limit', 'q', 'sort']) || !isCount(query.limit, 1, 100)) return 'query';
  if (query.q !== undefined && !isLine(query.q, 200)) return 'query.q';
  if (!Array.isArray(query.sort) || !query.sort.every(isSortKey)) return 'query.sort';
  if (!isPlain(headers, ['x-tenant'])) return 'headers';
  if (headers['x-tenant'] !== undefined && !isText(headers['x-tenant'], 1, 20)) return 'headers.x-tenant';
  if (!isPlain(cookies, ['theme']) || !['dark', 'light'].includes(String(cookies.theme))) return 'cookies';
  if (!isPlain(body, ['title', 'count', 'tags']) || !isLine(body.title, 50)) return 'body';
  if (body.count !== undefined && !isCount(body.count, 0, 1_000_000)) return 'body.count';
  if (body.tags === undefined) return undefined;
  return Array.isArray(body.tags) && body.tags.length <= 5 && body.tags.every((tag) => isText(tag, 0, 20))
    ? undefined
    : 'body.tags';
}

/** The same for the route with a form. */
export function unlawfulForm({ body, files, query, params }: Facts): string | undefined {
  if (query !== undefined || params !== undefined) return 'input';
  if (!isPlain(body, ['caption']) || !isLine(body.caption, 50)) return 'body';
  if (!isPlain(files, ['picture']) || !isPlain(files.picture, ['name', 'type', 'bytes'])) return 'files';
  const { name, type, bytes } = files.picture;
  if (!isLine(name, 100) || !/^[^/\\.-][^/\\]*\.png$/i.test(String(name))) return 'files.name';
  if (type !== 'image/png' || !(bytes instanceof Uint8Array) || bytes.byteLength > 2_048) return 'files.type';
  return String.fromCharCode(...bytes.subarray(1, 4)) === 'PNG' ? undefined : 'files.bytes';
}

function isPlain(value: unknown, keys: readonly string[]): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return false;
  return Reflect.ownKeys(value).every((key) => typeof key === 'string' && keys.includes(key));
}

function isText(value: unknown, min: number, max: number): value is string {
  return typeof value === 'string' && value.length >= min && value.length <= max;
}

function isLine(value: unknown, max: number): value is string {
  if (!isText(value, 1, max * 4) || control.test(value) || value.trim() !== value) return false;
  return [...new Intl.Segmenter().segment(value)].length <= max;
}

function isCount(value: unknown, min: number, max: number): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max;
}

function isSortKey(key: unknown): boolean {
  if (!isPlain(key, ['field', 'direction'])) return false;
  return (
    ['createdAt', 'title'].includes(String(key.field)) && ['asc', 'desc'].includes(String(key.direction))
  );
}
