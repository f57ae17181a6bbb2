/** The names of the events that flows raise, from the OWASP Logging Vocabulary and its likes. */
export type AccountEventName =
  | 'authn_login_success'
  | 'authn_login_fail'
  | 'authn_login_lock'
  | 'authn_logout'
  | 'authn_password_change'
  | 'authn_password_change_fail'
  | 'authn_password_reset'
  | 'authn_password_reset_request'
  | 'authn_password_reset_fail'
  | 'authn_email_verified'
  | 'authn_email_verify_fail'
  | 'authn_token_reuse'
  | 'authn_token_revoked'
  | 'authn_token_fail'
  | 'session_created'
  | 'session_renewed'
  | 'user_created'
  | 'excess_rate_limit_exceeded';

/** What happened, for the log and the audit trail: ids and reasons, never an address of mail, a token or a password. */
export interface AccountEvent {
  readonly event: AccountEventName;
  readonly outcome: 'success' | 'failure' | 'denied';
  /** The id of the account that did it, once that is proven. */
  readonly actor?: string;
  /** The id of the account or session it was done to. */
  readonly target?: string;
  readonly address?: string;
  readonly requestId?: string;
  readonly details?: Readonly<Record<string, string | number | boolean | null>>;
}

/** What a request says of its client. It goes into events and the session list and decides nothing. */
export interface Client {
  readonly address?: string | undefined;
  readonly userAgent?: string | undefined;
  readonly requestId?: string | undefined;
  /** Aborted when the client has gone: a password that is being verified for it is let go. */
  readonly signal?: AbortSignal | undefined;
}
