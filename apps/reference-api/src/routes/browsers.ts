import { answer, reportReceiver, route } from '@secapi/core';
import { type AppRoute, define } from './app-route.js';

/** What browsers talk to by themselves: where they report, and, but in production, a page that lists the routes. */
export function browserRoutes(routes: readonly AppRoute[], production: boolean): AppRoute[] {
  const reports = reportReceiver({ limit: 'reports' });
  const receive = define('POST', '/reports', reports.route, reports.handler);
  if (production) return [receive];
  const rows = [...routes, receive].map(
    ({ method, path, security }) => `<tr><td>${method}<td>${path}<td>${accessOf(security.access)}`,
  );
  const page = define('GET', '/docs', route({ access: 'public' }), ({ exchange }) =>
    answer(200, pageOf(rows.join('\n'), exchange.nonce()), [['content-type', 'text/html; charset=utf-8']]),
  );
  return [receive, page];
}

function accessOf(access: AppRoute['security']['access']): string {
  return typeof access === 'string'
    ? access
    : access.map((rule) => (typeof rule === 'string' ? rule : rule.name)).join(', ');
}

/** Everything in it is this program's own text. */
function pageOf(rows: string, nonce: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>The routes of the posts service</title>
<style nonce="${nonce}">body { font: 1rem/1.5 sans-serif; margin: 2rem } td { padding-right: 2rem }</style>
<h1>The routes of the posts service</h1>
<p>The service is <output id="health">asked</output>.</p>
<table>
${rows}
</table>
<script nonce="${nonce}">
  fetch('/healthz').then((answer) => answer.json()).then(({ status }) => { document.getElementById('health').value = status; });
</script>
</html>
`;
}
