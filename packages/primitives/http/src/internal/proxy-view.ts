import type { ClientRefusal } from '../errors.js';
import { type Address, parseAddress } from './address.js';
import { nodeAddress, parseForwarded } from './forwarded.js';
import { trimOws } from './ows.js';

/** Whether a proxy is believed: by its address, or by how many stand between it and this server. */
export type Trust = (address: Address, hop: number) => boolean;

/** What one family of headers says of the client; `undefined` parts are not spoken of. */
export interface ProxyView {
  readonly address: Address | undefined;
  readonly secure: boolean | undefined;
  readonly host: string | undefined;
  /** Said apart from the host. */
  readonly port: number | undefined;
}

/** The family of headers that most proxies write. */
export interface XForwarded {
  readonly xForwardedFor?: string | undefined;
  readonly xForwardedProto?: string | undefined;
  readonly xForwardedHost?: string | undefined;
  readonly xForwardedPort?: string | undefined;
}

const maxLength = 8_192;
const maxHops = 50;

/** What `Forwarded` says, or `undefined` when there is none. */
export function viewForwarded(
  header: string | undefined,
  peer: Address,
  trust: Trust,
): ProxyView | ClientRefusal | undefined {
  if (header === undefined) return undefined;
  if (header.length > maxLength) return 'FORWARDED_TOO_LONG';
  const elements = parseForwarded(header);
  if (elements === undefined) return 'FORWARDED_SYNTAX';
  if (elements.length > maxHops) return 'FORWARDED_TOO_MANY_HOPS';
  const { address, hops } = walk(
    peer,
    elements.map((element) => element?.for ?? ''),
    trust,
  );
  const element = elements[elements.length - Math.max(hops, 1)];
  return {
    address: hops > 0 || elements.some((each) => each?.for !== undefined) ? address : undefined,
    secure: element?.proto === undefined ? undefined : isSecure(element.proto),
    host: element?.host || undefined,
    port: undefined,
  };
}

/** What the `X-Forwarded-*` headers say, or `undefined` when there is none of the first three. */
export function viewXForwarded(
  headers: XForwarded,
  peer: Address,
  trust: Trust,
): ProxyView | ClientRefusal | undefined {
  const { xForwardedFor, xForwardedProto, xForwardedHost, xForwardedPort } = headers;
  if (xForwardedFor === undefined && xForwardedProto === undefined && xForwardedHost === undefined)
    return undefined;
  const given = [xForwardedFor, xForwardedProto, xForwardedHost, xForwardedPort];
  if (given.some((header) => header !== undefined && header.length > maxLength)) return 'FORWARDED_TOO_LONG';
  const nodes = xForwardedFor === undefined ? [] : list(xForwardedFor);
  const protos = xForwardedProto ? list(xForwardedProto) : [];
  const hosts = xForwardedHost ? list(xForwardedHost) : [];
  const ports = xForwardedPort ? list(xForwardedPort) : [];
  if (Math.max(nodes.length, protos.length, hosts.length, ports.length) > maxHops)
    return 'FORWARDED_TOO_MANY_HOPS';
  const { address, hops } = walk(peer, nodes, trust);
  return {
    address: xForwardedFor === undefined ? undefined : address,
    secure: protos.length === 0 ? undefined : secureAt(protos, hops),
    host: entryAt(hosts, hops) || undefined,
    port: portOf(entryAt(ports, hops)),
  };
}

/** What the outermost trusted proxy wrote. A shorter list than the walk can't tell which proxy wrote what: the nearest one is believed. */
function entryAt(entries: readonly string[], hops: number): string | undefined {
  return entries.length < hops ? entries.at(-1) : entries[entries.length - Math.max(hops, 1)];
}

function portOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^[1-9]\d{0,4}$/.test(text)) return undefined;
  const port = Number(text);
  return port <= 65_535 ? port : undefined;
}

/** From the nearest proxy outwards, until somebody who isn't trusted or a hop that can't be read. */
function walk(peer: Address, nodes: readonly string[], trust: Trust): { address: Address; hops: number } {
  let address = peer;
  let hops = 0;
  for (let i = nodes.length - 1; i >= 0 && trust(address, hops); i--) {
    const next = parseAddress(nodeAddress(nodes[i] ?? ''));
    if (next === undefined) break;
    address = next;
    hops++;
  }
  return { address, hops };
}

/** The scheme that the outermost trusted proxy saw; where a short list can't tell, every value must be secure. */
function secureAt(protos: readonly string[], hops: number): boolean {
  if (protos.length < hops) return protos.every(isSecure);
  return isSecure(protos[protos.length - Math.max(hops, 1)] ?? '');
}

function isSecure(proto: string): boolean {
  const scheme = proto.toLowerCase();
  return scheme === 'https' || scheme === 'wss';
}

function list(header: string): readonly string[] {
  return header.includes(',') ? header.split(',').map(trimOws) : [trimOws(header)];
}
