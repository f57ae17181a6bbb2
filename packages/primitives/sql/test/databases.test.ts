import { onEach } from './databases.js';
import { failureSuite } from './suites/failure.js';
import { injectionSuite } from './suites/injection.js';
import { transactionSuite } from './suites/transaction.js';

onEach((database) => {
  injectionSuite(database);
  transactionSuite(database);
  failureSuite(database);
});
