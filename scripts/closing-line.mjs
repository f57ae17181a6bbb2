// Prints vitest's counts as one plain line; fails when they are missing, when a test failed or when none ran.
import { existsSync, readFileSync } from 'node:fs';

const file = process.argv[2];
const results = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
const {
  numPassedTests: passed = 0,
  numFailedTests = 0,
  numPendingTests = 0,
  numTodoTests = 0,
} = results ?? {};
// A file that can't even be loaded has no test to count, and is a failure all the same.
const broken = (results?.testResults ?? []).filter(({ status, assertionResults }) => {
  return status === 'failed' && !assertionResults.some((test) => test.status === 'failed');
});
const failed =
  numFailedTests +
  broken.length +
  (results && (results.success || numFailedTests + broken.length > 0) ? 0 : 1);
const skipped = numPendingTests + numTodoTests;

process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
