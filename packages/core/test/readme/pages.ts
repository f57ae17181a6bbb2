import { answer, type RecommendedOptions, reportReceiver, route } from '@secapi/core';

export const browsers: Pick<RecommendedOptions, 'headers' | 'limits'> = {
  headers: { pages: 'page', reports: { url: '/reports' } }, // data gets the API's policy, HTML that of pages
  limits: {
    api: { limit: 100, window: '15m' },
    reports: { limit: 60, window: '1m', on: 'route' },
  },
};

export const page = route({ access: 'public' });
export const reports = reportReceiver({ limit: 'reports' }); // protect(reports.route, reports.handler) on POST /reports

export function showPage({ exchange }: { exchange: { nonce(): string } }): unknown {
  const html = `<!doctype html><script nonce="${exchange.nonce()}">document.title = 'Hello';</script>`;
  return answer(200, html, [['content-type', 'text/html; charset=utf-8']]);
}
