import { describe, expect, it } from 'vitest';
import { type Algorithm, createKeyRing, createSignatureVerifier, type JWK } from '../src/index.js';

const claims = '{"iss":"joe",\r\n "exp":1300819380,\r\n "http://example.com/is_root":true}';
const joe = 'eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ';

// Their keys have neither `kid` nor `alg`, and their headers no `kid`: both come from the configuration.
const vectors: [string, Algorithm, JWK, string, string][] = [
  [
    'RFC 7515 A.1',
    'HS256',
    {
      kty: 'oct',
      k: 'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow',
    },
    `eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.${joe}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk`,
    claims,
  ],
  [
    'RFC 7515 A.3',
    'ES256',
    {
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    },
    `eyJhbGciOiJFUzI1NiJ9.${joe}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q`,
    claims,
  ],
  [
    'RFC 7515 A.4',
    'ES512',
    {
      kty: 'EC',
      crv: 'P-521',
      x: 'AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk',
      y: 'ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2',
    },
    'eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn',
    'Payload',
  ],
  [
    'RFC 8037 A.4',
    'EdDSA',
    { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' },
    'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg',
    'Example of Ed25519 signing',
  ],
];

describe('the examples of the standards', () => {
  it.each(vectors)(
    'verify, and no longer with one bit changed: %s, %s',
    async (_, alg, key, jws, payload) => {
      const keys = await createKeyRing({ keys: [{ kid: 'it', alg, key }] });
      const { verify } = createSignatureVerifier({ keys, algorithms: [alg], kid: 'it' });
      const verdict = await verify(jws);
      expect(verdict).toMatchObject({ ok: true, header: { alg } });
      expect(verdict.ok && Buffer.from(verdict.payload).toString()).toBe(payload);
      const end = jws.lastIndexOf('.') + 1;
      const signature = Buffer.from(jws.slice(end), 'base64url');
      for (let at = 0; at < signature.length; at++) {
        const other = Buffer.from(signature);
        other[at] = (other[at] ?? 0) ^ (1 << (at % 8));
        expect(await verify(jws.slice(0, end) + other.toString('base64url'))).toEqual({
          ok: false,
          reason: 'signature',
        });
      }
    },
  );
});
