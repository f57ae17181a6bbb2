import { contractSuite } from './contract/suite.js';

contractSuite('Koa', { FRAMEWORK: 'koa' });
