import { sendRaw } from './client.js';
import type { SuiteTools } from './suite-tools.js';

const smuggled = 'GET /raw-free HTTP/1.1\r\nHost: localhost\r\n\r\n';
const post = 'POST /made HTTP/1.1\r\nHost: localhost\r\n';
const json = 'POST /items HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
const chunks = '0\r\n\r\n';

/** Requests that some server or proxy reads in another way than its neighbour, and what would be smuggled behind them. */
const ambiguous: readonly (readonly [what: string, text: string])[] = [
  [
    'two lengths that differ',
    `${post}Content-Length: 0\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
  ],
  ['two lengths that are the same', `${post}Content-Length: 0\r\nContent-Length: 0\r\n\r\n${smuggled}`],
  ['two lengths in one', `${post}Content-Length: 0, 0\r\n\r\n${smuggled}`],
  ['a length with a sign', `${post}Content-Length: +0\r\n\r\n${smuggled}`],
  ['a length in hexadecimal', `${post}Content-Length: 0x0\r\n\r\n${smuggled}`],
  ['a negative length', `${post}Content-Length: -1\r\n\r\n${smuggled}`],
  ['both headers', `${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}${smuggled}`],
  [
    'both headers, the other way',
    `${post}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n${chunks}${smuggled}`,
  ],
  ['an encoding before chunked', `${post}Transfer-Encoding: gzip, chunked\r\n\r\n${chunks}${smuggled}`],
  ['an encoding after chunked', `${post}Transfer-Encoding: chunked, identity\r\n\r\n${chunks}${smuggled}`],
  [
    'chunked twice',
    `${post}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}${smuggled}`,
  ],
  ['chunked in quotes', `${post}Transfer-Encoding: "chunked"\r\n\r\n${chunks}${smuggled}`],
  ['a look-alike of chunked', `${post}Transfer-Encoding: xchunked\r\n\r\n${chunks}${smuggled}`],
  ['a vertical tab before chunked', `${post}Transfer-Encoding: \x0bchunked\r\n\r\n${chunks}${smuggled}`],
  ['a space before the colon', `${post}Transfer-Encoding : chunked\r\n\r\n${chunks}${smuggled}`],
  [
    'an encoding in HTTP/1.0',
    `${post.replace('/1.1', '/1.0')}Transfer-Encoding: chunked\r\n\r\n${chunks}${smuggled}`,
  ],
  ['a folded header', `${post}Transfer-Encoding:\r\n chunked\r\n\r\n${chunks}${smuggled}`],
  ['a fold before the first header', `POST /made HTTP/1.1\r\n X: y\r\nHost: localhost\r\n\r\n${smuggled}`],
  ['lines that end with LF alone', `${post.replaceAll('\r\n', '\n')}\n${smuggled}`],
  ['a header that ends with LF alone', `${post}X: y\nContent-Length: 0\r\n\r\n${smuggled}`],
  ['a header that ends with CR alone', `${post}X: y\rContent-Length: 0\r\n\r\n${smuggled}`],
  [
    'a chunk that ends with LF alone',
    `${json}Transfer-Encoding: chunked\r\n\r\n2\nab\r\n${chunks}${smuggled}`,
  ],
  [
    'a chunk of hexadecimal with 0x',
    `${json}Transfer-Encoding: chunked\r\n\r\n0x2\r\nab\r\n${chunks}${smuggled}`,
  ],
  [
    'a length in the trailers',
    `${json}Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 9\r\n\r\n${smuggled}`,
  ],
  ['a NUL in a header', `${post}X: a\0b\r\nContent-Length: 0\r\n\r\n${smuggled}`],
  ['a header without a colon', `${post}nonsense\r\nContent-Length: 0\r\n\r\n${smuggled}`],
];

/** Requests whose end is clear, and whose host is not. */
const hostless: readonly (readonly [what: string, text: string])[] = [
  ['two hosts', 'GET /raw-free HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n'],
  ['two hosts that are the same', 'GET /raw-free HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n'],
  ['no host', 'GET /raw-free HTTP/1.1\r\n\r\n'],
  ['no host in HTTP/1.0', 'GET /raw-free HTTP/1.0\r\n\r\n'],
  ['an empty host', 'GET /raw-free HTTP/1.1\r\nHost:\r\n\r\n'],
  ['user information', 'GET /raw-free HTTP/1.1\r\nHost: localhost:80@evil.example\r\n\r\n'],
  ['a target of another host', 'GET http://evil.example/raw-free HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ['a target that is no path', 'GET ftp://localhost/raw-free HTTP/1.1\r\nHost: localhost\r\n\r\n'],
];

/** What comes in on the wire: where a request ends, and for whom it is. */
export function wireCases({ check, count, expect, port }: SuiteTools): void {
  const statusOf = (answer: string): string => answer.split('\r\n', 1)[0] ?? '';

  check('refuses a request whose end can be read in two ways, and what is smuggled behind it', async () => {
    for (const [what, text] of ambiguous) {
      const before = ['/made', '/items', '/raw-free'].map(count);
      const answer = await sendRaw(port(), text);
      expect([what, statusOf(answer)]).toEqual([what, 'HTTP/1.1 400 Bad Request']);
      expect([what, answer.includes('"code":"REQUEST_INVALID"')]).toEqual([what, true]);
      expect([what, answer.split('HTTP/1.1 ').length - 1]).toEqual([what, 1]);
      for (const name of ['content-security-policy', 'x-content-type-options', 'x-request-id'])
        expect([what, name, answer.toLowerCase().includes(`\r\n${name}: `)]).toEqual([what, name, true]);
      expect([what, ...['/made', '/items', '/raw-free'].map(count)]).toEqual([what, ...before]);
    }
  });

  check('takes a request whose end is clear, and the one behind it', async () => {
    const body = '{"name":"x"}';
    for (const text of [
      `${json}Content-Length: ${body.length}\r\n\r\n${body}`,
      `${json}Transfer-Encoding: chunked\r\n\r\nc\r\n${body}\r\n0\r\n\r\n`,
      `${json}Transfer-Encoding: Chunked\r\n\r\n4\r\n${body.slice(0, 4)}\r\n8\r\n${body.slice(4)}\r\n0\r\n\r\n`,
    ]) {
      const answer = await sendRaw(port(), `${text}${smuggled}`);
      expect([
        text,
        statusOf(answer),
        answer.includes('{"got":{"name":"x"}}'),
        answer.endsWith('free'),
      ]).toEqual([text, 'HTTP/1.1 200 OK', true, true]);
    }
  });

  check('refuses a request whose host can be read in two ways, or not at all', async () => {
    for (const [what, text] of hostless) {
      const before = count('/raw-free');
      expect([what, statusOf(await sendRaw(port(), text))]).toEqual([what, 'HTTP/1.1 400 Bad Request']);
      expect([what, count('/raw-free')]).toEqual([what, before]);
    }
    for (const target of ['/raw-free', 'http://localhost/raw-free', 'http://LOCALHOST:80/raw-free']) {
      const answer = await sendRaw(port(), `GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      expect([target, statusOf(answer)]).toEqual([target, 'HTTP/1.1 200 OK']);
    }
  });
}
