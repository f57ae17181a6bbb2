import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Exchange, Reply } from '@secapi/core';
import type { Conversation } from './conversation.js';

type Pairs = readonly (readonly [name: string, value: string])[];

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

/** Writes a whole reply; what a handler has begun to say in its place is dropped. */
export function writeReply(response: ServerResponse, conversation: Conversation, reply: Reply): void {
  conversation.ended = true;
  conversation.released = true;
  if (response.headersSent) {
    // Half an answer can't be mended; cut it off, so that nobody takes it for a whole one.
    if (!response.writableEnded) response.destroy();
    return;
  }
  const { exchange } = conversation;
  const { request } = exchange;
  const { status, body } = reply;
  const { beside, own } = lateHead(response, exchange, status, reply.headers);
  const bodiless = status === 204 || status === 304;
  const length =
    body === undefined ? 0 : typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
  if (response.getHeaderNames().length === 0) {
    const head = flatHead(beside, own, exchange.withheld);
    if (!bodiless) head.push('content-length', String(length));
    response.writeHead(status, head);
  } else {
    if (status >= 400) for (const name of ofAnotherBody) response.removeHeader(name);
    keepHeaders(response, beside);
    for (const [name, value] of own) setHeader(response, name, value);
    for (const name of exchange.withheld) response.removeHeader(name);
    if (!bodiless) response.setHeader('content-length', length);
    response.statusCode = status;
  }
  if (bodiless || body === undefined || request.method === 'HEAD') response.end();
  else response.end(body);
}

/** Puts the exchange's headers beside what a handler has set, which goes first; `Vary` and `Set-Cookie` add up. */
function keepHeaders(response: ServerResponse, headers: Pairs): void {
  for (const [name, value] of headers) {
    if (name === 'vary' || name === 'set-cookie' || !response.hasHeader(name))
      setHeader(response, name, value);
  }
}

/**
 * Puts the exchange's headers on a response at the moment its head is written, whoever writes it. Where nothing was set
 * before, the head is made in one go.
 */
export function headLate(response: ServerResponse, conversation: Conversation): void {
  const { writeHead } = response;
  response.writeHead = function secapiHead(...given: unknown[]): ServerResponse {
    response.writeHead = writeHead;
    return writeHeadBeside(response, writeHead, conversation.exchange, given);
  };
}

/** Writes the head that a handler gave, as it gave it, beside the exchange's headers: neither may replace the other's. */
function writeHeadBeside(
  response: ServerResponse,
  writeHead: ServerResponse['writeHead'],
  exchange: Exchange,
  given: readonly unknown[],
): ServerResponse {
  const last = given.length > 1 ? given.at(-1) : undefined;
  const pairs = typeof last === 'object' && last !== null ? pairsOf(last as OutgoingHttpHeaders) : [];
  const status = Number(given[0]);
  const reason = typeof given[1] === 'string' ? given[1] : undefined;
  const { beside, own } = lateHead(response, exchange, status, pairs);
  if (reason === undefined && response.getHeaderNames().length === 0) {
    return writeHead.call(response, status, flatHead(beside, own, exchange.withheld));
  }
  for (const [name, value] of own) setHeader(response, name, value);
  keepHeaders(response, beside);
  for (const name of exchange.withheld) response.removeHeader(name);
  return Reflect.apply(writeHead, response, reason === undefined ? [status] : [status, reason]);
}

/** The exchange's headers and the answer's own, where guards leave some of them open until status and type are known. */
function lateHead(
  response: ServerResponse,
  exchange: Exchange,
  status: number,
  own: Pairs,
): { readonly beside: Pairs; readonly own: Pairs } {
  if (!exchange.late) return { beside: exchange.headers, own };
  const header = (name: string): string | undefined => {
    const value = own.findLast((pair) => pair[0] === name)?.[1] ?? response.getHeader(name);
    return value === undefined ? undefined : String(value);
  };
  const { beside, over } = exchange.late(exchange, { status, header });
  return { beside, own: over.length > 0 ? [...own.filter(([name]) => !names(over, name)), ...over] : own };
}

/** Headers as pairs, out of each of the forms that Node takes: an object, pairs, or names and values in turn. */
function pairsOf(headers: OutgoingHttpHeaders | readonly unknown[]): (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = [];
  for (const [name, value] of Array.isArray(headers) ? inPairs(headers) : Object.entries(headers)) {
    const lower = String(name).toLowerCase();
    if (Array.isArray(value)) for (const each of value) pairs.push([lower, String(each)]);
    else if (value !== undefined) pairs.push([lower, String(value)]);
  }
  return pairs;
}

function inPairs(list: readonly unknown[]): (readonly [unknown, unknown])[] {
  if (Array.isArray(list[0])) return list.map((pair) => [(pair as unknown[])[0], (pair as unknown[])[1]]);
  return list.flatMap((name, i) => (i % 2 === 0 ? [[name, list[i + 1]] as const] : []));
}

/** A head as Node writes it at once: names and values in turn. What the second list names replaces what the first does; what is withheld is in neither. */
function flatHead(base: Pairs, own: Pairs, withheld: readonly string[]): string[] {
  const head: string[] = [];
  let vary: string | undefined;
  for (let i = 0; i < base.length; i++) {
    const header = base[i];
    if (!header) continue;
    const name = header[0];
    if (name === 'vary') vary = mergeVary(vary, header[1]);
    else if (name === 'set-cookie' || !names(own, name)) head.push(name, header[1]);
  }
  for (let i = 0; i < own.length; i++) {
    const header = own[i];
    if (!header) continue;
    if (header[0] === 'vary') vary = mergeVary(vary, header[1]);
    else if (!withheld.includes(header[0])) head.push(header[0], header[1]);
  }
  if (vary !== undefined) head.push('vary', vary);
  return head;
}

function names(headers: Pairs, name: string): boolean {
  for (let i = 0; i < headers.length; i++) if (headers[i]?.[0] === name) return true;
  return false;
}

function setHeader(response: ServerResponse, name: string, value: string): void {
  if (name === 'vary') response.setHeader(name, mergeVary(response.getHeader(name), value));
  else if (name === 'set-cookie') addCookie(response, value);
  else response.setHeader(name, value);
}

/** The union of two `Vary` headers, in order (RFC 9110 §12.5.5). */
function mergeVary(standing: number | string | readonly string[] | undefined, added: string): string {
  if (standing === undefined || standing === added) return added;
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
