import { ConfigError } from '@secapi/kernel';

/**
 * Suffixes of two labels and more under which anybody can have a name. The list is short and not kept up: it stops
 * slips, and is no replacement for knowing who can have a name under a suffix of one's own.
 */
const shared: ReadonlySet<string> = new Set(
  (
    'co.uk org.uk ac.uk gov.uk me.uk com.au net.au org.au co.nz org.nz co.jp ne.jp or.jp co.kr or.kr com.br net.br com.cn net.cn ' +
    'org.cn com.hk com.tw com.sg com.my com.mx com.ar com.tr co.in co.id co.il co.za co.th com.ua com.pl com.ru eu.org uk.com ' +
    'github.io gitlab.io githubpreview.dev vercel.app netlify.app pages.dev workers.dev herokuapp.com web.app firebaseapp.com ' +
    'appspot.com run.app cloudfunctions.net onrender.com fly.dev railway.app up.railway.app deno.dev surge.sh glitch.me ' +
    'replit.app repl.co codesandbox.io csb.app stackblitz.io ngrok.io ngrok.app ngrok-free.app trycloudflare.com ' +
    'azurewebsites.net cloudapp.net azurestaticapps.net azurefd.net azureedge.net cloudfront.net amazonaws.com ' +
    's3.amazonaws.com amplifyapp.com elasticbeanstalk.com blogspot.com wordpress.com myshopify.com nip.io sslip.io'
  ).split(' '),
);

const labels = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

/**
 * Whether everybody under a suffix may be meant: not where strangers can have names.
 *
 * @throws ConfigError for a single label and for suffixes known to be shared
 */
export function checkSuffix(option: string, suffix: string): void {
  if (suffix === 'localhost') return; // RFC 6761: all of it is this machine
  if (!suffix.includes('.')) {
    throw new ConfigError(
      option,
      `holds everybody under .${suffix}`,
      'list each one exactly, or name a domain of your own after the *',
    );
  }
  if (shared.has(suffix)) {
    throw new ConfigError(
      option,
      `holds strangers, who can have names under ${suffix}`,
      'list each one exactly, or name a domain of your own after the *',
    );
  }
}

/** Whether a host, in lower case and without port, is one or more labels before `.suffix`; never the suffix itself. */
export function isUnder(host: string, suffix: string): boolean {
  const end = host.length - suffix.length - 1;
  return (
    end > 0 &&
    host.length <= 253 &&
    host.charCodeAt(end) === 0x2e &&
    host.endsWith(suffix) &&
    labels.test(host.slice(0, end))
  );
}
