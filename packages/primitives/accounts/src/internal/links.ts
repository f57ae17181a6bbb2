import { ConfigError, checkOptions, isSafeUrl } from '@secapi/kernel';
import type { MailKind } from '../mails.js';
import type { LinkOptions } from '../options.js';

/** The link for a mail with a token; none where no links are configured. */
export type Links = (kind: MailKind, token: string) => string | undefined;

/**
 * Builds links from the configured base URL alone: the host of a request is whatever its sender wrote, and a token that
 * is mailed with such a link is sent to them (CVE-2026-27959).
 *
 * The token stands in the fragment, which a browser sends to no server: in no access log, no Referer, no proxy.
 */
export function createLinks(options: LinkOptions | undefined): Links {
  if (options === undefined) return () => undefined;
  checkOptions('accounts.links', options, ['baseUrl', 'verifyEmail', 'resetPassword']);
  const base = checkBase(options.baseUrl);
  const paths: Partial<Record<MailKind, string>> = {
    'verify-email': checkPath('verifyEmail', options.verifyEmail ?? '/verify-email'),
    'password-reset': checkPath('resetPassword', options.resetPassword ?? '/reset-password'),
  };
  return (kind, token) => {
    const path = paths[kind];
    return path === undefined ? undefined : `${base}${path}#token=${token}`;
  };
}

function checkBase(text: unknown): string {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;
  const safe = url !== undefined && isSafeUrl(url);
  if (
    !url ||
    !safe ||
    url.username ||
    url.password ||
    url.search ||
    url.hash ||
    /[?#\s]/.test(String(text))
  ) {
    throw new ConfigError(
      'accounts.links.baseUrl',
      'is not an https URL without credentials, query and fragment',
      "write where your users open the mail's links, like 'https://app.example'",
    );
  }
  return url.href.replace(/\/$/, '');
}

function checkPath(name: string, path: unknown): string {
  if (typeof path !== 'string' || !/^\/(?!\/)[A-Za-z0-9/_.~-]{0,200}$/.test(path)) {
    throw new ConfigError(`accounts.links.${name}`, 'is not a path', "write one like '/verify-email'");
  }
  return path;
}
