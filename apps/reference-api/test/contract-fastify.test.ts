import { contractSuite } from './contract/suite.js';

contractSuite('Fastify', { FRAMEWORK: 'fastify' });
