// A real browser for tests: the system's Chromium, installed first where that is possible.
import { installPackage, onPath } from './debian.mjs';
import { skip } from './private-server.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** How to start the browser without a window and without traffic of its own, or why it can't be had; in CI it throws instead. */
export function findChromium() {
  let executablePath = onPath(names);
  if (!executablePath && installPackage('chromium')) executablePath = onPath(names);
  if (!executablePath) return skip('chromium', 'install Chromium so that it is on the PATH');
  const quiet = ['background-networking', 'component-update', 'sync', 'quic', 'gpu', 'extensions'];
  const args = [...quiet.map((what) => `--disable-${what}`), '--no-first-run'];
  if (process.getuid?.() === 0) args.push('--no-sandbox');
  return { executablePath, args };
}
