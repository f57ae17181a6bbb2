/**
 * A path in the one form that limits compare: decoded once, lower-case, without empty and dot segments.
 *
 * It takes more paths to be under a prefix than any router would, and so counts too much rather than too little.
 */
export function canonicalPath(path: string): string {
  if (/^\/(?:[a-z0-9_~-]+\/)*[a-z0-9_~-]*$/.test(path)) return path;
  const local = path.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '');
  const segments: string[] = [];
  const parts = decode(local).toLowerCase().replaceAll('\\', '/').split('/');
  for (const part of parts) {
    const segment = part.split(';', 1)[0] ?? '';
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return `/${segments.join('/')}${parts.at(-1) === '' && segments.length > 0 ? '/' : ''}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // no router decodes it either
  }
}
