import { contractSuite } from './contract/suite.js';

contractSuite('Express', { FRAMEWORK: 'express' });
