import type { CspDirectives } from './csp-directives.js';

/** What security headers are for: answers with data, pages, or the pages of an API's documentation. */
export type HeadersPreset = 'api' | 'page' | 'docs';

const closed = { defaultSrc: ["'none'"], baseUri: ["'none'"], frameAncestors: ["'none'"] } as const;

/**
 * The policies of the presets.
 *
 * - `api`: nothing is loaded, framed or sent.
 * - `page`: scripts by nonce alone (with `'strict-dynamic'`, browsers also run what a script of the page puts into it); the rest
 *   from the page's own origin.
 * - `docs`: as Swagger UI and Redoc want it: styles inline, images as data, workers from blobs; scripts from the own
 *   origin or by nonce.
 */
export const cspPresets: Readonly<Record<HeadersPreset, CspDirectives>> = {
  api: { defaultSrc: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"], frameAncestors: ["'none'"] },
  page: {
    ...closed,
    formAction: ["'self'"],
    objectSrc: ["'none'"],
    scriptSrc: ["'nonce'"],
    styleSrc: ["'self'", "'nonce'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    manifestSrc: ["'self'"],
  },
  docs: {
    ...closed,
    formAction: ["'self'"],
    objectSrc: ["'none'"],
    scriptSrc: ["'self'", "'nonce'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    workerSrc: ["'self'", 'blob:'],
  },
};
