import type { ServerResponse } from 'node:http';
import type { Reply } from '@secapi/core';
import type { Conversation } from './conversation.js';

/** Headers that describe a body which is not going out after all. */
const ofAnotherBody = [
  'content-length',
  'content-encoding',
  'etag',
  'last-modified',
  'transfer-encoding',
  'content-range',
  'accept-ranges',
];

/** Puts what guards have set so far on the response, beside what others set: `Vary` and `Set-Cookie` add up. */
export function applyHeaders(response: ServerResponse, conversation: Conversation): void {
  const { headers } = conversation.exchange;
  if (response.headersSent) return;
  for (let i = conversation.applied; i < headers.length; i++) {
    const header = headers[i];
    if (header) setHeader(response, header[0], header[1]);
  }
  conversation.applied = headers.length;
}

/** Writes a whole reply; what a handler has begun to say in its place is dropped. */
export function writeReply(response: ServerResponse, conversation: Conversation, reply: Reply): void {
  conversation.ended = true;
  if (response.headersSent) {
    // Half an answer can't be mended; cut it off, so that nobody takes it for a whole one.
    if (!response.writableEnded) response.destroy();
    return;
  }
  if (reply.status >= 400) for (const name of ofAnotherBody) response.removeHeader(name);
  conversation.applied = 0;
  applyHeaders(response, conversation);
  for (const [name, value] of reply.headers) setHeader(response, name, value);
  response.statusCode = reply.status;
  if (reply.body === undefined || reply.status === 204 || reply.status === 304) {
    if (reply.status !== 204 && reply.status !== 304) response.setHeader('content-length', 0);
    response.end();
    return;
  }
  const bytes = typeof reply.body === 'string' ? Buffer.byteLength(reply.body) : reply.body.byteLength;
  response.setHeader('content-length', bytes);
  if (conversation.exchange.request.method === 'HEAD') response.end();
  else response.end(reply.body);
}

function setHeader(response: ServerResponse, name: string, value: string): void {
  if (name === 'vary') response.setHeader(name, mergeVary(response.getHeader(name), value));
  else if (name === 'set-cookie') addCookie(response, value);
  else response.setHeader(name, value);
}

/** The union of two `Vary` headers, in order (RFC 9110 §12.5.5). */
export function mergeVary(standing: number | string | readonly string[] | undefined, added: string): string {
  if (standing === undefined) return added;
  const names = [...String(standing).split(','), ...added.split(',')]
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return [...new Map(names.map((name) => [name.toLowerCase(), name])).values()].join(', ');
}

function addCookie(response: ServerResponse, cookie: string): void {
  const standing = response.getHeader('set-cookie');
  const cookies = standing === undefined ? [] : Array.isArray(standing) ? standing : [String(standing)];
  if (!cookies.includes(cookie)) response.setHeader('set-cookie', [...cookies, cookie]);
}
