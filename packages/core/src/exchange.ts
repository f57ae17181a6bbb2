import type { SecurityEvent } from '@secapi/audit';
import type { Client, HeaderList } from '@secapi/http';
import { parseCookies } from '@secapi/http';
import { toBase64Url } from '@secapi/kernel';
import type { LateHeaders } from './late-headers.js';
import type { Held } from './limits/desk.js';
import type { Principal } from './principal.js';
import type { RouteSecurity } from './route.js';

/** Where the body of a request comes from; nothing is read that no route asks for. */
export interface BodySource {
  /**
   * The bytes of the body, counted as they stream: never more than `limit` are held (ASVS v5.0.0-5.2.1).
   *
   * `aborted` means that the client went away, `taken` that something else has read the stream.
   */
  read(
    limit: number,
  ): Promise<{ ok: true; bytes: Uint8Array } | { ok: false; reason: 'too_large' | 'aborted' | 'taken' }>;
  /** What the framework parsed already, or `undefined` when it parsed nothing. */
  parsed(): unknown;
}

/** What an adapter knows of a request, in any runtime. Nothing here is trusted. */
export interface RequestFacts {
  readonly method: string;
  /** The request target as it was received: a path with its query, or the absolute form. */
  readonly target: string;
  /** The address of the socket's other end; a proxy's when there is one. */
  readonly peer: string | undefined;
  /** Whether this socket is encrypted. */
  readonly encrypted: boolean;
  /** The version of HTTP, like `1.1`; a runtime that doesn't tell has none. */
  readonly version?: string | undefined;
  readonly body: BodySource;
  /** Aborted when the client has gone, for work that is then for nobody; a runtime that doesn't know has none. */
  readonly signal?: AbortSignal | undefined;
  /** A header by its lower-case name, as the runtime combines it. */
  header(name: string): string | undefined;
  /** Every value of a header that may not be combined, such as `authorization`, in order. */
  values(name: string): readonly string[];
}

/** One request and its response under way, as every guard and every handler sees it. */
export interface Exchange {
  readonly request: RequestFacts;
  /**
   * The request's id: the answer's `X-Request-Id`, the problem's `requestId`, the log's and the trail's. A new UUID, unless
   * a trusted proxy has given the request a well-formed one: the transport guard decides. Whoever keeps something for a
   * request keeps it by the exchange, since a proxy may give two requests one id.
   */
  id: string;
  /** The trace that the request belongs to (W3C Trace Context), where a trusted proxy names one: for the log. */
  traceId: string | undefined;
  /** When the request arrived, in milliseconds. */
  readonly receivedAt: number;
  /** The path of the target, without query, host and fragment; not decoded. For display and limits, never for access. */
  readonly path: string;
  /** The query of the target, without `?`. */
  readonly query: string;
  /** Who is at the other end, decided once by the transport guard. */
  client: Client;
  /** Whether limits and penalties pass this client over. */
  exempt: boolean;
  /** Who the request acts for, once authentication has decided. */
  principal: Principal | undefined;
  /** The security of the matched route, once admission has begun. */
  route: RouteSecurity | undefined;
  /** Response headers that guards have set so far, in order; `vary` and `set-cookie` add up, others replace. */
  readonly headers: HeaderList;
  /** Headers that no answer bears, whoever has set them, by their lower-case names. */
  withheld: readonly string[];
  /** Says which headers go out, once the answer's status and type are known; nothing where `headers` are all there is to say. */
  late: LateHeaders | undefined;
  /** What the limits hold for this request until its outcome is known. */
  readonly held: Held[];
  /** The events raised and not yet written. */
  readonly events: SecurityEvent[];
  /** Adds or replaces a response header; the name is lower-case. */
  setHeader(name: string, value: string): void;
  setHeaders(list: HeaderList): void;
  /** Raises a security event; address, request id, actor and whom it acts for are filled in. */
  raise(event: SecurityEvent): void;
  /** The cookies of the request, or `undefined` when the header is malformed or tossed (RFC 6265bis). */
  cookies(): ReadonlyMap<string, string> | undefined;
  /** A nonce for this response's Content-Security-Policy: 128 random bits, made on first use, the same until its end. */
  nonce(): string;
  /** Whether the nonce was asked for, so that the answer may hold it. */
  readonly nonceUsed: boolean;
}

const nobody: Client = { address: '', network: '', secure: false, host: undefined, viaProxy: false };

// A class, for once: an exchange is made for every request, and its methods should not be.
class ExchangeState implements Exchange {
  readonly request: RequestFacts;
  id: string;
  traceId: string | undefined = undefined;
  readonly receivedAt: number;
  readonly path: string;
  readonly query: string;
  client: Client = nobody;
  exempt = false;
  principal: Principal | undefined = undefined;
  route: RouteSecurity | undefined = undefined;
  readonly headers: (readonly [name: string, value: string])[] = [];
  withheld: readonly string[] = [];
  late: LateHeaders | undefined = undefined;
  readonly held: Held[] = [];
  readonly events: SecurityEvent[] = [];
  #nonce: string | undefined;
  #cookies: { readonly found: ReadonlyMap<string, string> | undefined } | undefined;

  constructor(request: RequestFacts, receivedAt: number) {
    this.request = request;
    this.id = crypto.randomUUID();
    this.receivedAt = receivedAt;
    const target = toOriginForm(request.target);
    const mark = target.indexOf('?');
    this.path = mark < 0 ? target : target.slice(0, mark);
    this.query = mark < 0 ? '' : target.slice(mark + 1);
  }

  setHeader(name: string, value: string): void {
    if (name !== 'vary' && name !== 'set-cookie') {
      for (let i = this.headers.length - 1; i >= 0; i--) {
        if (this.headers[i]?.[0] !== name) continue;
        this.headers[i] = [name, value];
        return;
      }
    }
    this.headers.push([name, value]);
  }

  setHeaders(list: HeaderList): void {
    if (this.headers.length > 0) for (const [name, value] of list) this.setHeader(name, value);
    else this.headers.push(...list);
  }

  raise(event: SecurityEvent): void {
    const { event: name, outcome, target, level, trail } = event;
    const actor = event.actor ?? this.principal?.id;
    const actingFor = this.principal?.actingFor?.id;
    const details = actingFor === undefined ? event.details : { ...event.details, actingFor };
    const address = event.address ?? this.client.address;
    // Written out, because events come in many shapes and a copy of each is slow; what is undefined is as good as absent.
    const raised = {
      event: name,
      outcome,
      actor,
      target,
      address,
      requestId: this.id,
      details,
      level,
      trail,
    };
    this.events.push(raised as SecurityEvent);
  }

  cookies(): ReadonlyMap<string, string> | undefined {
    if (!this.#cookies) {
      const parsed = parseCookies(this.request.header('cookie'));
      this.#cookies = { found: parsed.ok ? parsed.cookies : undefined };
    }
    return this.#cookies.found;
  }

  nonce(): string {
    this.#nonce ??= toBase64Url(crypto.getRandomValues(new Uint8Array(16)));
    return this.#nonce;
  }

  get nonceUsed(): boolean {
    return this.#nonce !== undefined;
  }
}

/** The target as a path with its query: without the scheme and host of the absolute form, and without a fragment. */
function toOriginForm(target: string): string {
  const local = target.startsWith('/') ? target : target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '');
  const mark = local.indexOf('#');
  const path = mark < 0 ? local : local.slice(0, mark);
  return path === '' ? '/' : path;
}

/** Opens the exchange of a request; an adapter does it once, before everything else. */
export function openExchange(request: RequestFacts, receivedAt: number): Exchange {
  return new ExchangeState(request, receivedAt);
}
