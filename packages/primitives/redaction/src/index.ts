export { createRedactor, type Redactor, type RedactorOptions } from './redactor.js';
export { safeView } from './safe-view.js';
