import type { Exchange } from '@secapi/core';

/** Lets templates see a response's nonce as `nonce`; it is made when one first reads it. */
export function offerNonce(locals: object, exchange: Exchange): void {
  // Enumerable, since what renders a template copies what it finds.
  Object.defineProperty(locals, 'nonce', {
    configurable: true,
    enumerable: true,
    get: () => exchange.nonce(),
  });
}
