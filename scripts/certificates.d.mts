/** Certificates and the key, in PEM. */
export interface Certificates {
  readonly ca: string;
  readonly cert: string;
  /** The private key of `cert`. */
  readonly key: string;
}

/** A new authority, and a certificate by it for 127.0.0.1 and `localhost`, good for servers and clients, for a day. */
export function makeCertificates(): Certificates;
