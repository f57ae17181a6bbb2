/**
 * Other spellings of one path, each of which some router or some guard has once taken for the same, while its partner
 * did not. Where the handler runs, the guard must have run.
 */
export function oddSpellings(path: string): string[] {
  const [, first = '', ...rest] = path.split('/');
  const tail = rest.join('/');
  const encoded = `%${first.charCodeAt(0).toString(16)}${first.slice(1)}`;
  return [
    `/${path}`,
    `//${first}//${tail}`,
    `${path}/`,
    `${path}//`,
    `/./${first}/${tail}`,
    `/x/../${first}/${tail}`,
    `/${first}/./${tail}`,
    `/${first}/x/../${tail}`,
    `/${first}%2F${tail}`,
    `/${first}%2f${tail}`,
    `/${first}%5C${tail}`,
    `/${encoded}/${tail}`,
    `/${first};v=1/${tail}`,
    `${path};v=1`,
    `/${first.toUpperCase()}/${tail}`,
    `${path.toUpperCase()}`,
    `${path}%00`,
    `${path}%20`,
    `${path}.`,
    `${path}?`,
    `${path}?a=b`,
    `${path}%3Fa=b`,
    `${path}%23`,
    `http://localhost${path}`,
    `http://evil.example${path}`,
    `HTTP://LOCALHOST${path}`,
    `/%2e%2e${path}`,
    `/%2e${path}`,
    `/${first}/%2e/${tail}`,
    `${path}/%2e`,
    `/${first}\\${tail}`,
    `${path}%`,
    `${path}%zz`,
    `${path}%c0%af`,
    `/%${first}`,
  ];
}
