/** Hosts that serve old AngularJS, JSONP or anybody's files, so that allowing one allows every script. */
const bypasses: ReadonlySet<string> = new Set([
  'accounts.google.com',
  'ajax.aspnetcdn.com',
  'ajax.cloudflare.com',
  'ajax.googleapis.com',
  'ajax.microsoft.com',
  'api.twitter.com',
  'api.vk.com',
  'apis.google.com',
  'bitbucket.org',
  'cdn.bootcdn.net',
  'cdn.jsdelivr.net',
  'cdn.rawgit.com',
  'cdn.shopify.com',
  'cdn.skypack.dev',
  'cdn.statically.io',
  'cdnjs.cloudflare.com',
  'code.angularjs.org',
  'esm.sh',
  'fastly.jsdelivr.net',
  'gist.githubusercontent.com',
  'gitcdn.xyz',
  'graph.facebook.com',
  'maps.googleapis.com',
  'maps.googleapis.cn',
  'polyfill.io',
  'raw.githubusercontent.com',
  'rawgit.com',
  'storage.googleapis.com',
  'translate.googleapis.com',
  'unpkg.com',
  'vk.com',
  'www.google.com',
  'www.googleapis.com',
  'www.googletagmanager.com',
  'www.gstatic.com',
  'www.youtube.com',
  'yandex.st',
  'yastatic.net',
]);

/** Domains under which everybody can have a host. */
const shared: readonly string[] = [
  'amazonaws.com',
  'appspot.com',
  'azureedge.net',
  'azurewebsites.net',
  'blogspot.com',
  'cloudfront.net',
  'firebaseapp.com',
  'fly.dev',
  'github.io',
  'githubusercontent.com',
  'gitlab.io',
  'googleapis.com',
  'herokuapp.com',
  'jsdelivr.net',
  'netlify.app',
  'ngrok.io',
  'onrender.com',
  'pages.dev',
  'r2.dev',
  'vercel.app',
  'web.app',
  'windows.net',
  'workers.dev',
];
/** Second levels that are public suffixes nearly wherever they stand before a country. */
const publicSecondLevels: ReadonlySet<string> = new Set(['ac', 'co', 'com', 'edu', 'gov', 'net', 'org']);

/** A host in lower case, without the dot of the root. */
export function canonicalHostname(host: string): string {
  return host.toLowerCase().replace(/\.$/, '');
}

/** Whether a host, or a wildcard over hosts, is known to serve scripts that get around a policy. */
export function isBypass(host: string): boolean {
  if (!host.startsWith('*.')) return bypasses.has(host);
  const domain = host.slice(2);
  if (shared.some((name) => domain === name || domain.endsWith(`.${name}`))) return true;
  for (const known of bypasses) if (known.endsWith(`.${domain}`)) return true;
  return false;
}

/** Whether a host stands for every host, or for all under a public suffix: `*`, `*.com`, `*.co.uk`. */
export function isEveryHost(host: string): boolean {
  if (host === '*') return true;
  if (!host.startsWith('*.')) return false;
  const labels = host.slice(2).split('.');
  if (labels.length === 1) return true;
  return labels.length === 2 && labels[1]?.length === 2 && publicSecondLevels.has(labels[0] ?? '');
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '127.0.0.1' || host === '[::1]';
}

/** Whether a host is an address; browsers match none but 127.0.0.1 (CSP3 §6.7.2.8). */
export function isAddress(host: string): boolean {
  return host.startsWith('[') || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host);
}
