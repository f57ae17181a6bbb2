// How private Redis servers are reached: port, password and certificates, as their settings, as a URL, and for a question of the tests' own.
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';

/** The settings of a server or a sentinel that is reached so; its certificates lie in the folder that it runs in. */
export function flagsFor({ port, password, tls }) {
  const files = { 'tls-cert-file': 'cert.pem', 'tls-key-file': 'key.pem', 'tls-ca-cert-file': 'ca.pem' };
  return {
    ...(tls ? { port: 0, 'tls-port': port, ...files, 'tls-auth-clients': 'optional' } : { port }),
    ...(password && { requirepass: password }),
  };
}

/** Writes them to where `flagsFor` names them. */
export function writeCertificates(folder, { ca, cert, key }) {
  for (const [name, pem] of Object.entries({ ca, cert, key }))
    writeFileSync(join(folder, `${name}.pem`), pem, { mode: 0o600 });
}

/** `redis://` or `rediss://`, with the password if there is one. */
export function urlOf({ port, password, tls }) {
  const user = password ? `:${encodeURIComponent(password)}@` : '';
  return `${tls ? 'rediss' : 'redis'}://${user}127.0.0.1:${port}`;
}

/** The beginning of a server's answer to one command; empty when it gives none. */
export function ask({ port, password, tls }, line) {
  return new Promise((resolve) => {
    const open = tls ? connectTls({ host: '127.0.0.1', port, ...tls }) : connect(port, '127.0.0.1');
    const lines = password ? [`AUTH ${password}`, line] : [line];
    open.once(tls ? 'secureConnect' : 'connect', () => open.write(`${lines.shift()}\r\n`));
    open.setTimeout(1_000, () => open.destroy());
    open.on('data', (data) => {
      const next = lines.shift();
      if (next !== undefined) return void open.write(`${next}\r\n`);
      resolve(data.toString());
      open.destroy();
    });
    open.once('error', () => {});
    open.once('close', () => resolve(''));
  });
}
