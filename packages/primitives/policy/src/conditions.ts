export { type RelatedOptions, related } from './related.js';
export { where } from './where.js';
