import { connect } from 'node:net';
import { sendRaw } from './client.js';
import type { SuiteTools } from './suite-tools.js';

const png = Buffer.from(
  '89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000049454e44ae426082',
  'hex',
);

/** Content types that some parser takes for JSON and another doesn't. */
const notJson: readonly string[] = [
  'application/json\t; a',
  'application/json; a',
  'application/json;a=b;a=c',
  'application/json, application/json',
  'application/json; charset=utf-16',
  'application/json; charset=iso-8859-1',
  'application/json; charset="utf-8',
  'application/json; charset=utf-8; charset=utf-7',
  'application/vnd.api+json',
  'application/jsonp',
  'application/json/',
  'application json',
  'text/json',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=b',
  '*/*',
  'application/*',
];

/** How bodies are read: by one parser, bounded as they stream. */
export function bodyCases({ check, ask, count, expect, expectProblem, port }: SuiteTools): void {
  const statusOf = (answer: string): string => answer.split('\r\n', 1)[0] ?? '';
  const good = '{"name":"x"}';

  check(
    'takes for JSON what the one parser of media types does, with a parser of the framework or without',
    async () => {
      for (const path of ['/items', '/parsed']) {
        const before = count(path);
        for (const type of notJson) {
          const answer = await ask({ method: 'POST', path, headers: { 'content-type': type }, body: good });
          expect([path, type, answer.status, answer.json.code]).toEqual([
            path,
            type,
            415,
            'MEDIA_TYPE_UNSUPPORTED',
          ]);
        }
        const lines = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${good.length}\r\n`;
        for (const types of [
          'Content-Type: application/json\r\nContent-Type: text/plain\r\n',
          'Content-Type: text/plain\r\nContent-Type: application/json\r\n',
          'Content-Type: application/json\r\nContent-Type: application/json\r\n',
          'Content-Type:\r\n',
          '',
        ])
          expect([types, statusOf(await sendRaw(port(), `${lines}${types}\r\n${good}`))]).toEqual([
            types,
            'HTTP/1.1 415 Unsupported Media Type',
          ]);
        for (const coding of ['gzip', 'br', 'deflate', 'identity, gzip', 'x'])
          expectProblem(
            await ask({
              method: 'POST',
              path,
              headers: { 'content-type': 'application/json', 'content-encoding': coding },
              body: good,
            }),
            415,
            'MEDIA_TYPE_UNSUPPORTED',
          );
        expect([path, count(path) - before]).toEqual([path, 0]);
        for (const type of [
          'application/json',
          'Application/Json; Charset="UTF-8"',
          'application/json \t; \tcharset=utf-8',
        ]) {
          const answer = await ask({ method: 'POST', path, headers: { 'content-type': type }, body: good });
          expect([path, type, answer.status]).toEqual([path, type, 200]);
        }
      }
    },
  );

  check('refuses what only the bytes tell, although the framework has a parser of its own', async () => {
    const headers = { 'content-type': 'application/json' };
    for (const body of [
      '',
      ' ',
      '\ufeff{"name":"x"}',
      '{"name":"a","name":"b"}',
      '{"name":"a","n\\u0061me":"b"}',
      '{"__proto__":{"name":"x"}}',
      '{"name":"x"}{}',
      '{"name":9007199254740993}',
      Buffer.from([0x22, 0xff, 0x22]),
    ]) {
      const before = count('/parsed');
      expectProblem(
        await ask({ method: 'POST', path: '/parsed', headers, body, chunked: true }),
        400,
        'JSON_INVALID',
      );
      expect(count('/parsed') - before).toEqual(0);
    }
    expect(({} as { name?: string }).name).toEqual(undefined);
  });

  check('reads a body that never ends no further than its bound and a courtesy, and answers', async () => {
    for (const [path, type] of [
      ['/items', 'application/json'],
      ['/parsed', 'application/json'],
      ['/form', 'multipart/form-data; boundary=b'],
    ] as const) {
      const { status, sent } = await stream(port(), path, type);
      expect([path, status]).toEqual([path, 'HTTP/1.1 413 Payload Too Large']);
      // what the kernels of both sides hold comes on top
      expect([path, sent < 16_000_000]).toEqual([path, true]);
    }
  });

  check('asks for a body that waits for leave, and not for one that it refuses', async () => {
    const head = (type: string, length: number): string =>
      `POST /items HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`;
    const taken = await sendRaw(port(), `${head('application/json', good.length)}${good}`);
    expect([statusOf(taken), taken.includes('{"got":{"name":"x"}}')]).toEqual([
      'HTTP/1.1 100 Continue',
      true,
    ]);
    for (const [type, length, status] of [
      ['text/plain', 5, ' 415 '],
      ['application/json', 150_000, ' 413 '],
    ] as const)
      expect([type, (await sendRaw(port(), head(type, length))).includes(status)]).toEqual([type, true]);
  });

  check('gives the handler the files and texts of a form, and refuses what they are not', async () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=b' };
    const form = (fileName: string, type: string, bytes: Uint8Array | string, caption = ' A '): Buffer =>
      Buffer.concat([
        Buffer.from(`--b\r\nContent-Disposition: form-data; name="caption"\r\n\r\n${caption}\r\n`),
        Buffer.from(
          `--b\r\nContent-Disposition: form-data; name="picture"; filename="${fileName}"\r\nContent-Type: ${type}\r\n\r\n`,
        ),
        Buffer.from(bytes as string),
        Buffer.from('\r\n--b--\r\n'),
      ]);
    for (const chunked of [false, true]) {
      const answer = await ask({
        method: 'POST',
        path: '/form',
        headers,
        body: form('../a.png', 'image/png', png),
        chunked,
      });
      expect([answer.status, answer.json]).toEqual([
        200,
        { caption: 'A', name: 'a.png', type: 'image/png', size: png.length },
      ]);
    }
    const before = count('/form');
    const refused: readonly (readonly [Buffer | string, number, string])[] = [
      [form('a.png', 'image/png', '<script>'), 422, 'VALIDATION_FAILED'],
      [form('a.php', 'image/png', png), 422, 'VALIDATION_FAILED'],
      [form('a.png', 'text/html', png), 422, 'VALIDATION_FAILED'],
      [form('a.png', 'image/png', png, 'a\u202eb'), 422, 'VALIDATION_FAILED'],
      [form('a.png', 'image/png', Buffer.concat([png, Buffer.alloc(3_000)])), 413, 'BODY_TOO_LARGE'],
      ['--b\r\nnonsense', 400, 'REQUEST_INVALID'],
    ];
    for (const [body, status, code] of refused)
      expectProblem(await ask({ method: 'POST', path: '/form', headers, body }), status, code);
    expectProblem(
      await ask({
        method: 'POST',
        path: '/form',
        headers: { 'content-type': 'application/json' },
        body: '{"caption":"a"}',
      }),
      415,
      'MEDIA_TYPE_UNSUPPORTED',
    );
    expect(count('/form') - before).toEqual(0);
  });
}

/** Sends chunks for as long as they are taken, and tells how much that was and what was answered. */
function stream(port: number, path: string, type: string): Promise<{ status: string; sent: number }> {
  return new Promise((resolve) => {
    const part = type.startsWith('multipart')
      ? '--b\r\nContent-Disposition: form-data; name="picture"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
      : '{"name":"';
    const data = 'x'.repeat(16_384);
    const chunk = `4000\r\n${data}\r\n`;
    let sent = 0;
    let received = '';
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(
        `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n`,
      );
      socket.write(`${part.length.toString(16)}\r\n${part}\r\n`);
      more();
    });
    function more(): void {
      while (!socket.destroyed && sent < 64_000_000) {
        sent += chunk.length;
        if (socket.write(chunk)) continue;
        socket.once('drain', more);
        return;
      }
    }
    socket.setTimeout(5_000, () => socket.destroy());
    socket.on('data', (bytes: Buffer) => {
      received += bytes.toString('latin1');
      if (received.includes('\r\n\r\n')) socket.destroy();
    });
    socket.once('error', () => {});
    socket.once('close', () => resolve({ status: received.split('\r\n', 1)[0] ?? '', sent }));
  });
}
