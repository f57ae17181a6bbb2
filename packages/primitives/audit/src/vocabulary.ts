/** How much an event wants to be looked at. */
export type EventLevel = 'info' | 'warn' | 'critical';

/** What an event means, and where it goes unless it says otherwise. */
export interface EventDescription {
  readonly level: EventLevel;
  /** Whether it belongs in the trail as well as in the log. */
  readonly trail: boolean;
  readonly description: string;
}

/** The name of a security event: OWASP's Logging Vocabulary, and in its style what that has no word for. */
export type SecurityEventName =
  | 'authn_login_success'
  | 'authn_login_successafterfail'
  | 'authn_login_fail'
  | 'authn_login_fail_max'
  | 'authn_login_lock'
  | 'authn_logout'
  | 'authn_password_change'
  | 'authn_password_change_fail'
  | 'authn_password_reset'
  | 'authn_password_reset_request'
  | 'authn_password_reset_fail'
  | 'authn_email_verified'
  | 'authn_email_verify_fail'
  | 'authn_impossible_travel'
  | 'authn_token_created'
  | 'authn_token_revoked'
  | 'authn_token_reuse'
  | 'authn_token_delete'
  | 'authn_token_fail'
  | 'authz_fail'
  | 'authz_change'
  | 'authz_admin'
  | 'crypt_decrypt_fail'
  | 'crypt_encrypt_fail'
  | 'excess_rate_limit_exceeded'
  | 'upload_complete'
  | 'upload_stored'
  | 'upload_validation'
  | 'upload_delete'
  | 'input_validation_fail'
  | 'input_validation_discrete_fail'
  | 'malicious_excess_404'
  | 'malicious_extraneous'
  | 'malicious_attack_tool'
  | 'malicious_cors'
  | 'malicious_csrf'
  | 'malicious_direct_reference'
  | 'privilege_permissions_changed'
  | 'sensitive_create'
  | 'sensitive_read'
  | 'sensitive_update'
  | 'sensitive_delete'
  | 'sequence_fail'
  | 'session_created'
  | 'session_renewed'
  | 'session_expired'
  | 'session_use_after_expire'
  | 'sys_startup'
  | 'sys_shutdown'
  | 'sys_restart'
  | 'sys_crash'
  | 'sys_monitor_disabled'
  | 'sys_monitor_enabled'
  | 'user_created'
  | 'user_updated'
  | 'user_archived'
  | 'user_deleted';

const logged = (level: EventLevel, description: string): EventDescription =>
  Object.freeze({ level, trail: false, description });
const trailed = (level: EventLevel, description: string): EventDescription =>
  Object.freeze({ level, trail: true, description });

/** Every event with its default level, whether it belongs in the trail, and what it means. */
export const securityEvents: Readonly<Record<SecurityEventName, EventDescription>> = Object.freeze({
  authn_login_success: trailed('info', 'Somebody signed in.'),
  authn_login_successafterfail: trailed('info', 'Somebody signed in after failures.'),
  authn_login_fail: trailed('warn', 'A sign-in failed.'),
  authn_login_fail_max: trailed('warn', 'The limit of failed sign-ins was reached.'),
  authn_login_lock: trailed('warn', 'An account was locked.'),
  authn_logout: trailed('info', 'Somebody signed out.'),
  authn_password_change: trailed('info', 'A password was changed.'),
  authn_password_change_fail: trailed('critical', 'A change of password failed.'),
  authn_password_reset: trailed('info', 'A password was reset.'),
  authn_password_reset_request: trailed('info', 'A password reset was asked for.'),
  authn_password_reset_fail: trailed('warn', 'A password reset failed.'),
  authn_email_verified: trailed('info', 'An e-mail address was verified.'),
  authn_email_verify_fail: trailed('warn', 'The verification of an e-mail address failed.'),
  authn_impossible_travel: trailed('critical', 'One account was used from two places too far apart.'),
  authn_token_created: logged('info', 'A token was issued.'),
  authn_token_revoked: trailed('info', 'A token was revoked.'),
  authn_token_reuse: trailed('critical', 'A revoked or used token was presented.'),
  authn_token_delete: trailed('warn', 'A token was deleted.'),
  authn_token_fail: logged('warn', 'A token was refused.'),
  authz_fail: trailed('critical', 'Access was refused.'),
  authz_change: trailed('warn', "An entity's access was changed."),
  authz_admin: trailed('warn', 'A privileged action was done.'),
  crypt_decrypt_fail: trailed('warn', 'A decryption failed.'),
  crypt_encrypt_fail: trailed('warn', 'An encryption failed.'),
  excess_rate_limit_exceeded: logged('warn', 'A limit was exceeded.'),
  upload_complete: logged('info', 'An upload is complete.'),
  upload_stored: logged('info', 'An upload was stored.'),
  upload_validation: logged('info', 'An upload was validated.'),
  upload_delete: trailed('info', 'An upload was deleted.'),
  input_validation_fail: logged('warn', 'Input was refused.'),
  input_validation_discrete_fail: logged('warn', 'Input was none of the values that it is chosen from.'),
  malicious_excess_404: logged('warn', 'One client asked for too much that does not exist.'),
  malicious_extraneous: logged('critical', 'A request held what no honest client sends.'),
  malicious_attack_tool: logged('critical', 'A request came from a known attack tool.'),
  malicious_cors: logged('critical', 'A request came from an origin that is not allowed.'),
  malicious_csrf: trailed('critical', 'A request was forged across sites.'),
  malicious_direct_reference: trailed('critical', "A direct reference to somebody else's object was tried."),
  privilege_permissions_changed: trailed('warn', "Somebody's permissions were changed."),
  sensitive_create: trailed('warn', 'Something sensitive was made.'),
  sensitive_read: trailed('warn', 'Something sensitive was read.'),
  sensitive_update: trailed('warn', 'Something sensitive was changed.'),
  sensitive_delete: trailed('warn', 'Something sensitive was deleted.'),
  sequence_fail: trailed('critical', 'The steps of a flow were taken out of order.'),
  session_created: trailed('info', 'A session began.'),
  session_renewed: logged('info', 'A session was renewed.'),
  session_expired: trailed('info', 'A session ended.'),
  session_use_after_expire: trailed('critical', 'An ended session was used.'),
  sys_startup: logged('info', 'The system started.'),
  sys_shutdown: logged('info', 'The system stopped.'),
  sys_restart: logged('info', 'The system restarted.'),
  sys_crash: logged('critical', 'Something failed that nobody foresaw.'),
  sys_monitor_disabled: trailed('warn', 'A protection was turned off.'),
  sys_monitor_enabled: logged('info', 'A protection was turned on.'),
  user_created: trailed('warn', 'An account was made.'),
  user_updated: trailed('warn', 'An account was changed.'),
  user_archived: trailed('warn', 'An account was archived.'),
  user_deleted: trailed('warn', 'An account was deleted.'),
});

/** Whether a text is the name of a security event. */
export function isSecurityEventName(name: unknown): name is SecurityEventName {
  return typeof name === 'string' && Object.hasOwn(securityEvents, name);
}
