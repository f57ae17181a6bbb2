import {
  fields,
  fileField,
  formFiles,
  openForm,
  parseJson,
  strictObject,
  validate,
} from '@secapi/validation';
import { Ajv } from 'ajv';
import sjson from 'secure-json-parse';
import * as v from 'valibot';
import { z } from 'zod';
import { Draft, draft, zodDraft } from '../e2e/posts.js';
import type { Part } from './part.js';

/** What comes in: from bytes to what a handler sees. */
export function inputParts(): Part[] {
  const bodies: readonly (readonly [what: string, value: typeof draft])[] = [
    ['a post', draft],
    ['a post of 8 KB', { title: draft.title, html: draft.html.repeat(100) }],
    [
      'a post of 8 KB with quotes and line breaks',
      {
        title: draft.title,
        html: '<p class="lead">Some text of a usual length, and a little more of it.</p>\n'.repeat(110),
      },
    ],
    [
      'a post of 8 KB with links and styles',
      {
        title: draft.title,
        html: '<p class="lead" style="color:red">See <a href="https://a.example/x?y=1">this: that</a></p>\n'.repeat(
          85,
        ),
      },
    ],
    ['a post of 90 KB', { title: draft.title, html: draft.html.repeat(1_050) }],
    ['a post with umlauts', { title: 'Grüße aus Köln', html: '<p>Schöne Grüße</p>'.repeat(6) }],
  ];
  return [
    ...bodies.map(([what, value]) => draftPart(what, value)),
    ...[1, 8, 80, 800].map(orderPart),
    validationPart(),
    formPart(),
  ];
}

const plainDraft = v.strictObject({
  title: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200)),
  html: v.pipe(v.string(), v.minLength(1), v.maxLength(102_400)),
});
const ajvDraft = new Ajv().compile({
  type: 'object',
  additionalProperties: false,
  required: ['title', 'html'],
  properties: {
    title: { type: 'string', minLength: 1, maxLength: 200 },
    html: { type: 'string', minLength: 1, maxLength: 102_400 },
  },
});

const note =
  'From bytes. secapi alone refuses duplicate keys, keys of prototypes, depth, too many values, unsafe numbers and invalid UTF-8, and composes texts.';

function draftPart(what: string, value: typeof draft): Part {
  const bytes = Buffer.from(JSON.stringify(value));
  return {
    title: `parse and validate a body: ${what}, ${bytes.length.toLocaleString('en')} bytes`,
    note,
    contenders: [
      { name: 'JSON.parse + valibot', run: () => v.safeParse(plainDraft, JSON.parse(bytes.toString())) },
      {
        name: 'secapi',
        run() {
          const parsed = parseJson(bytes);
          return parsed.ok ? validate(Draft, parsed.value) : undefined;
        },
      },
      { name: 'JSON.parse + zod', run: () => zodDraft.safeParse(JSON.parse(bytes.toString())) },
      { name: 'JSON.parse + ajv', run: () => ajvDraft(JSON.parse(bytes.toString())) },
      { name: 'secure-json-parse + valibot', run: () => v.safeParse(plainDraft, sjson.parse(bytes)) },
      { name: 'parseJson alone', run: () => parseJson(bytes) },
      { name: 'secure-json-parse alone', run: () => sjson.parse(bytes) },
      { name: 'JSON.parse alone', run: () => JSON.parse(bytes.toString()) },
    ],
  };
}

const orderLine = {
  sku: '0190a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b',
  amount: 12,
  price: 3.25,
  gift: true,
  tags: ['a', 'bb'],
  note: 'hello there',
};
const text = (max: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(max));
const amount = v.pipe(v.number(), v.integer(), v.minValue(0));
const plainOrder = v.strictObject({
  lines: v.pipe(
    v.array(
      v.strictObject({
        sku: v.pipe(v.string(), v.uuid()),
        amount,
        price: v.number(),
        gift: v.boolean(),
        tags: v.array(text(20)),
        note: text(200),
      }),
    ),
    v.maxLength(1_000),
  ),
});
const order = strictObject({
  lines: v.pipe(
    v.array(
      strictObject({
        sku: fields.uuid(),
        amount,
        price: v.number(),
        gift: v.boolean(),
        tags: v.array(text(20)),
        note: fields.title(),
      }),
    ),
    v.maxLength(1_000),
  ),
});
const zodOrder = z.strictObject({
  lines: z
    .array(
      z.strictObject({
        sku: z.uuid(),
        amount: z.int().min(0),
        price: z.number(),
        gift: z.boolean(),
        tags: z.array(z.string().min(1).max(20)),
        note: z.string().min(1).max(200),
      }),
    )
    .max(1_000),
});
const ajvText = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength });
const ajvOrder = new Ajv().compile({
  type: 'object',
  additionalProperties: false,
  required: ['lines'],
  properties: {
    lines: {
      type: 'array',
      maxItems: 1_000,
      items: {
        type: 'object',
        additionalProperties: false,
        required: Object.keys(orderLine),
        properties: {
          sku: { type: 'string', pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' },
          amount: { type: 'integer', minimum: 0 },
          price: { type: 'number' },
          gift: { type: 'boolean' },
          tags: { type: 'array', items: ajvText(20) },
          note: ajvText(200),
        },
      },
    },
  },
});

/** Many small values: what a walk over them costs most for. */
function orderPart(count: number): Part {
  const bytes = Buffer.from(JSON.stringify({ lines: Array.from({ length: count }, () => orderLine) }));
  return {
    title: `parse and validate a body: an order of ${count === 1 ? 'one line' : `${count} lines`}, ${bytes.length.toLocaleString('en')} bytes`,
    note,
    contenders: [
      { name: 'JSON.parse + valibot', run: () => v.safeParse(plainOrder, JSON.parse(bytes.toString())) },
      {
        name: 'secapi',
        run() {
          const parsed = parseJson(bytes);
          return parsed.ok ? validate(order, parsed.value) : undefined;
        },
      },
      { name: 'JSON.parse + zod', run: () => zodOrder.safeParse(JSON.parse(bytes.toString())) },
      { name: 'JSON.parse + ajv', run: () => ajvOrder(JSON.parse(bytes.toString())) },
      { name: 'secure-json-parse + valibot', run: () => v.safeParse(plainOrder, sjson.parse(bytes)) },
      { name: 'parseJson alone', run: () => parseJson(bytes) },
      { name: 'JSON.parse alone', run: () => JSON.parse(bytes.toString()) },
    ],
  };
}

function validationPart(): Part {
  return {
    title: 'validate a post that is parsed already',
    note: "secapi's fields compose texts and refuse what can't be seen.",
    contenders: [
      { name: 'valibot', run: () => v.safeParse(plainDraft, draft) },
      { name: 'secapi', run: () => validate(Draft, draft) },
      { name: 'zod', run: () => zodDraft.safeParse(draft) },
      { name: 'ajv', run: () => ajvDraft(draft) },
    ],
  };
}

/** A form with a file of 100 KB, in chunks as they come from a socket. */
function formPart(): Part {
  const form = formFiles({ picture: fileField({ types: ['image/png'] }) });
  const png = Buffer.concat([
    Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
    Buffer.alloc(100_000, 'some bytes, and \r\n'),
  ]);
  const body = Buffer.concat([
    Buffer.from(
      '------WebKitFormBoundary7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="picture"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n',
    ),
    png,
    Buffer.from('\r\n------WebKitFormBoundary7MA4YWxkTrZu0gW--\r\n'),
  ]);
  const headers = { 'content-type': 'multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW' };
  return {
    title: 'read a form with a file of 100 KB',
    note: 'secapi also tells the file by its content and makes its name safe.',
    contenders: [
      {
        name: "the runtime's formData()",
        inFlight: 1,
        run: () => new Response(body, { headers }).formData(),
      },
      {
        name: 'secapi',
        run() {
          const reader = openForm(form, headers['content-type']);
          for (let at = 0; at < body.length; at += 65_536) reader?.write(body.subarray(at, at + 65_536));
          return reader?.end();
        },
      },
    ],
  };
}
