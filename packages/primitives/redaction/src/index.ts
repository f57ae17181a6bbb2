export type { Hiding } from './hiding.js';
export { createRedactor, type Hidden, type Redactor, type RedactorOptions } from './redactor.js';
export { safeView } from './safe-view.js';
