// Certificates for private servers: an authority of its own with one certificate that is good for a server and for a client, written in DER by hand,
// because neither Node can make any nor is openssl everywhere.
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const ecdsaWithSha256 = der(0x30, oid('2a8648ce3d040302'));

/** A new authority, and a certificate by it for 127.0.0.1 and `localhost`; all in PEM, good for a day. */
export function makeCertificates() {
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const server = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = name('secapi test authority');
  const constraints = (ca) =>
    extension('551d13', true, der(0x30, ca ? der(0x01, Buffer.from([0xff])) : Buffer.alloc(0)));
  const names = der(0x30, der(0x82, Buffer.from('localhost')), der(0x87, Buffer.from([127, 0, 0, 1])));
  const uses = der(0x30, oid('2b06010505070301'), oid('2b06010505070302'));
  const shared = { issuer, signer: authority.privateKey };
  return {
    ca: certificate({
      ...shared,
      subject: issuer,
      key: authority.publicKey,
      extensions: [constraints(true)],
    }),
    cert: certificate({
      ...shared,
      subject: name('secapi test server'),
      key: server.publicKey,
      extensions: [constraints(false), extension('551d11', false, names), extension('551d25', false, uses)],
    }),
    key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }),
  };
}

/** RFC 5280 §4.1 */
function certificate({ issuer, subject, key, signer, extensions }) {
  const day = 86_400_000;
  const body = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))), // version 3
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ecdsaWithSha256,
    issuer,
    der(0x30, time(Date.now() - day), time(Date.now() + day)),
    subject,
    key.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(0x30, ...extensions)),
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', body, signer));
  const lines = der(0x30, body, ecdsaWithSha256, signature)
    .toString('base64')
    .match(/.{1,64}/g);
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function name(text) {
  return der(0x30, der(0x31, der(0x30, oid('550403'), der(0x0c, Buffer.from(text)))));
}

function extension(id, critical, value) {
  const flag = critical ? [der(0x01, Buffer.from([0xff]))] : [];
  return der(0x30, oid(id), ...flag, der(0x04, value));
}

function oid(hex) {
  return der(0x06, Buffer.from(hex, 'hex'));
}

/** GeneralizedTime is for 2050 and later, UTCTime for now. */
function time(at) {
  const digits = new Date(at).toISOString().replace(/\D/g, '').slice(2, 14);
  return der(0x17, Buffer.from(`${digits}Z`));
}

/** Tag, length, value. */
function der(tag, ...parts) {
  const value = Buffer.concat(parts);
  const { length } = value;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), value]);
}
