export { andThen, isPromise, type MaybePromise } from '@secapi/kernel';
export type { AdmissionOptions, DeclaredRoute } from './admission.js';
export { ApiError, type ApiErrorOptions } from './api-error.js';
export { bareRefusal } from './bare-refusal.js';
export { type CatalogueCode, type CatalogueEntry, catalogue, problemType } from './catalogue.js';
export { type ConstraintAnswer, constraintErrors, type ErrorMapper } from './constraint-errors.js';
export type { BodySource, Exchange, RequestFacts } from './exchange.js';
export type { Guard, GuardMode, GuardOutcome, Refusal } from './guard.js';
export { type AddressLists, addresses } from './guards/addresses.js';
export { type AuthenticateOptions, authenticate } from './guards/authenticate.js';
export { type CorsGuard, type CorsGuardOptions, type CorsRule, cors } from './guards/cors.js';
export { type CsrfGuardOptions, csrf } from './guards/csrf.js';
export { type HeadersOptions, headers, hsts } from './guards/headers.js';
export type { HttpsOptions } from './guards/https.js';
export { penalize } from './guards/penalties.js';
export { rateLimit } from './guards/rate-limit.js';
export { type TransportOptions, transport } from './guards/transport.js';
export type { AnswerHead, HeadHeaders, LateHeaders } from './late-headers.js';
export {
  createLimitDesk,
  type Held,
  type LimitDesk,
  type LimitHeaders,
  type ReserveOptions,
} from './limits/desk.js';
export { compileLimits, type Limit, type LimitOptions, type LimitPlan } from './limits/limit.js';
export type { LimitOperations } from './limits/operators.js';
export type { CompiledSubject, LimitBy, LimitSubject } from './limits/subject.js';
export { errorOfStatus } from './map-error.js';
export type { Principal } from './principal.js';
export type { ErrorFormat, Problem, ProblemIssue } from './problem.js';
export type { Reads } from './reads.js';
export { type RecommendedOptions, recommended, type TokenOptions } from './recommended.js';
export { type Answer, answer, isAnswer, type Reply, type Returned, toAnswer } from './reply.js';
export type { ReporterOptions } from './reporter.js';
export { type ReportReceiver, type ReportReceiverOptions, reportReceiver } from './reports.js';
export {
  type Access,
  type AccessCondition,
  type HandlerContext,
  type Permission,
  type PrincipalOf,
  type Route,
  type RouteInput,
  type RouteLimit,
  type RouteSecurity,
  route,
} from './route.js';
export { type Admission, createShield, type Ended, type Shield, type ShieldConfig } from './shield.js';
