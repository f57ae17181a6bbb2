import { burdens } from './burdens.js';
import { contentForgeries } from './contents.js';
import { algorithmForgeries, keyForgeries, unsignedForgeries } from './headers.js';
import { hmacForgeries } from './hmac.js';
import { type ForgedToken, type ForgeryInput, toParts } from './parts.js';
import { signatureForgeries, spellingForgeries } from './signatures.js';

// What an HTTP client sends to the letter, and stays within what servers take for headers.
const headerText = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
const longestHeader = 12_000;

/**
 * Some hundreds of tokens that every API must refuse, made from one honest token and the public keys of its issuer: the attacks that libraries of
 * this field have fallen for.
 *
 * @throws TypeError when the honest token is no signed JWT (as a rejection)
 */
export async function forgedTokens(input: ForgeryInput): Promise<readonly ForgedToken[]> {
  const parts = toParts(input);
  const forgeries = [
    ...unsignedForgeries(parts),
    ...hmacForgeries(parts),
    ...algorithmForgeries(parts),
    ...keyForgeries(parts),
    ...(await contentForgeries(parts, input.sign)),
    ...signatureForgeries(parts),
    ...spellingForgeries(parts),
    ...burdens(parts),
  ];
  const seen = new Set([input.token]); // an alteration that changes nothing is no forgery
  return forgeries.flatMap(({ row, name, token }) => {
    if (seen.has(token)) return [];
    seen.add(token);
    return [{ row, name, token, fitsHeader: token.length <= longestHeader && headerText.test(token) }];
  });
}
