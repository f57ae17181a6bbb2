export { type AddressList, createAddressList } from './address-list.js';
export { type BearerToken, bearerToken } from './bearer-token.js';
export { clearSiteData, type SiteData } from './clear-site-data.js';
export {
  addressNetwork,
  type Client,
  type ClientFacts,
  type ClientResolverOptions,
  type ClientResult,
  canonicalAddress,
  createClientResolver,
} from './client.js';
export { type Cloud, type CloudRangesFilter, cloudRanges } from './cloud-ranges.js';
export { type CookiesResult, parseCookies } from './cookies.js';
export { type Cors, type CorsOptions, type CorsVerdict, createCors, type PreflightFacts } from './cors.js';
export type { CspDirectives } from './csp-directives.js';
export type { CspFinding, CspFindingCode, CspSeverity } from './csp-finding.js';
export { lintCsp } from './csp-lint.js';
export type { HeadersPreset } from './csp-presets.js';
export { type CsrfFacts, type CsrfOptions, type CsrfVerdict, createCsrf } from './csrf.js';
export { type CsrfTokens, type CsrfTokensOptions, createCsrfTokens } from './csrf-tokens.js';
export type { ClientRefusal, CookieRefusal, CsrfRefusal, FramingRefusal, HostRefusal } from './errors.js';
export { type FramingFacts, type FramingVerdict, framing } from './framing.js';
export type { HeaderList } from './header-list.js';
export { createHostCheck, type HostCheckOptions, type HostVerdict } from './host-check.js';
export type { HstsOptions } from './hsts.js';
export {
  createOriginLookup,
  type OriginAllowed,
  type OriginLookupOptions,
} from './origin-lookup.js';
export { isOwnOrigin, type OwnFacts } from './own-origin.js';
export { createProxyWatch, type ProxyProblem } from './proxy-watch.js';
export { createRedirects, type RedirectOptions } from './redirects.js';
export type { ReportOptions } from './report-options.js';
export {
  type BrowserReport,
  type CspReport,
  type OtherReport,
  type ReportsRefusal,
  type ReportsResult,
  readReports,
} from './reports.js';
export {
  type CookieKey,
  createSealedCookies,
  type OpenedCookie,
  type SealedCookies,
  type SealedCookiesOptions,
} from './sealed-cookies.js';
export {
  createSecurityHeaders,
  type SecurityHeaders,
  type SecurityHeadersOptions,
} from './security-headers.js';
export { type SecurityTxtOptions, securityTxt } from './security-txt.js';
export { type Cookie, type CookieAttributes, clearCookie, serializeCookie } from './set-cookie.js';
