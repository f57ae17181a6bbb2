export { shield } from '../../../../core/test/readme/security.js';
