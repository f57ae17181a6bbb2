import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorDocs, readCatalogue, render } from '../scripts/error-docs.mjs';

const root = join(import.meta.dirname, '..');
const { catalogue, problemType } = await readCatalogue(root);
const page = readFileSync(join(root, 'docs/errors.md'), 'utf8');

describe('the page of errors', () => {
  it('says of every code of the catalogue its status, title and type, when it comes, and what to do', async () => {
    expect(await errorDocs(root)).toEqual({ ok: true, output: '' });
    expect(render({ catalogue, problemType })).toBe(page);
    for (const [code, { status, title, when, action }] of Object.entries(catalogue)) {
      for (const text of [`### ${code}`, `${status} ${title}`, problemType(code), when, action])
        expect(page).toContain(text);
      expect([code, when.length > 20, action.length > 10]).toEqual([code, true, true]);
    }
  });

  it('fails the check when the catalogue says something else, and when it is not there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'error-docs-'));
    try {
      const source = 'packages/core/src/catalogue.ts';
      mkdirSync(join(folder, 'packages/core/src'), { recursive: true });
      const text = readFileSync(join(root, source), 'utf8');
      writeFileSync(join(folder, source), text);
      expect((await errorDocs(folder)).ok).toBe(false);
      mkdirSync(join(folder, 'docs'));
      writeFileSync(join(folder, 'docs/errors.md'), render(await readCatalogue(folder)));
      expect((await errorDocs(folder)).ok).toBe(true);
      writeFileSync(join(folder, source), text.replace('status: 409', 'status: 410'));
      expect(await errorDocs(folder)).toMatchObject({
        ok: false,
        output: expect.stringMatching(/docs\/errors\.md is stale/),
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('has types that never change', () => {
    expect(Object.keys(catalogue).map(problemType).sort()).toMatchInlineSnapshot(`
      [
        "urn:secapi:problem:access-undeclared",
        "urn:secapi:problem:body-too-large",
        "urn:secapi:problem:client-gone",
        "urn:secapi:problem:conflict",
        "urn:secapi:problem:cookie-invalid",
        "urn:secapi:problem:csrf-refused",
        "urn:secapi:problem:field-forbidden",
        "urn:secapi:problem:forbidden",
        "urn:secapi:problem:headers-too-large",
        "urn:secapi:problem:host-invalid",
        "urn:secapi:problem:https-required",
        "urn:secapi:problem:internal-error",
        "urn:secapi:problem:invalid-token",
        "urn:secapi:problem:json-invalid",
        "urn:secapi:problem:media-type-unsupported",
        "urn:secapi:problem:method-not-allowed",
        "urn:secapi:problem:not-found",
        "urn:secapi:problem:origin-refused",
        "urn:secapi:problem:query-invalid",
        "urn:secapi:problem:rate-limited",
        "urn:secapi:problem:request-invalid",
        "urn:secapi:problem:request-refused",
        "urn:secapi:problem:request-timeout",
        "urn:secapi:problem:step-up-required",
        "urn:secapi:problem:unauthenticated",
        "urn:secapi:problem:unavailable",
        "urn:secapi:problem:validation-failed",
      ]
    `);
  });
});
