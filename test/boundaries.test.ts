import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type HousePackage, readPackages, violations } from '../scripts/boundaries.mjs';

const house = readPackages(join(import.meta.dirname, '..'));

/** The house with one file in it. */
function planted(folder: string, text: string, file = 'src/planted.ts'): HousePackage[] {
  return house.map((pkg) => ({
    ...pkg,
    files: pkg.folder === folder ? [{ path: `${folder}/${file}`, text }] : [],
  }));
}

function problems(folder: string, text: string, file?: string): string[] {
  return violations(planted(folder, text, file))
    .filter((violation) => violation.file.includes('planted'))
    .map((violation) => `${violation.specifier}: ${violation.problem}`);
}

describe('the house as it stands', () => {
  it('has every floor', () => {
    const floors = new Set(house.map(({ floor }) => floor));
    expect([...floors].sort()).toEqual(
      ['adapter', 'app', 'bridge', 'core', 'kernel', 'primitive', 'store', 'tool'].sort(),
    );
    expect(house.every(({ files }) => files.some(({ path }) => path.endsWith('src/index.ts')))).toBe(true);
  });

  it('has no import that points up or sideways', () => {
    expect(violations(house)).toEqual([]);
  });
});

describe('a forbidden import', () => {
  it.each([
    [
      'kernel imports a primitive',
      'packages/kernel',
      "import { createPolicy } from '@secapi/policy';",
      'may not import a primitive',
    ],
    [
      'kernel imports Node',
      'packages/kernel',
      "import { createHash } from 'node:crypto';",
      'runs anywhere imports Node',
    ],
    [
      'kernel imports Node without its prefix',
      'packages/kernel',
      "import fs from 'fs';",
      'runs anywhere imports Node',
    ],
    ['kernel imports a library', 'packages/kernel', "import 'jose';", 'not a library of packages/kernel'],
    ['core imports Node', 'packages/core', "import { createServer } from 'node:http';", 'imports Node'],
    [
      'core imports a framework',
      'packages/core',
      "import type { Request } from 'express';",
      'not a library of packages/core',
    ],
    [
      'core imports an adapter',
      'packages/core',
      "import { secapi } from '@secapi/koa';",
      'may not import an adapter',
    ],
    ['core imports a store', 'packages/core', "import '@secapi/redis';", 'may not import a store'],
    [
      'a primitive imports another',
      'packages/primitives/accounts',
      "import type { Session } from '@secapi/tokens';",
      'a primitive may not import a primitive',
    ],
    [
      'a primitive imports core',
      'packages/primitives/policy',
      "export { route } from '@secapi/core';",
      'may not import core',
    ],
    [
      'a primitive imports another one’s library',
      'packages/primitives/audit',
      "import * as v from 'valibot';",
      'not a library of packages/primitives/audit',
    ],
    [
      'a runs-anywhere primitive imports Node',
      'packages/primitives/rate-limit',
      "await import('node:os');",
      'runs anywhere imports Node',
    ],
    [
      'a store imports core',
      'packages/stores/redis',
      "import { ApiError } from '@secapi/core';",
      'may not import core',
    ],
    [
      'a store imports the other one',
      'packages/stores/postgres',
      "import '@secapi/redis';",
      'may not import a store',
    ],
    [
      'a store imports the other one’s driver',
      'packages/stores/postgres',
      "import Redis from 'ioredis';",
      'not a library',
    ],
    [
      'an adapter imports another framework',
      'packages/adapters/express',
      "import Koa from 'koa';",
      'not a library of packages/adapters/express',
    ],
    [
      'an adapter imports another adapter',
      'packages/adapters/express',
      "import '@secapi/fastify';",
      'an adapter may not import an adapter',
    ],
    [
      'an adapter imports a primitive',
      'packages/adapters/koa',
      "import { createCors } from '@secapi/http';",
      'may not import a primitive',
    ],
    [
      'the Node bridge imports a framework',
      'packages/adapters/node',
      "import express from 'express';",
      'not a library',
    ],
    [
      'the Node bridge imports an adapter',
      'packages/adapters/node',
      "import '@secapi/express';",
      'may not import an adapter',
    ],
    [
      'a tool imports an app',
      'packages/tools/testing',
      "import '@secapi/reference-api';",
      'may not import an app',
    ],
    ['an app imports another', 'apps/tour', "import '@secapi/bench';", 'may not import an app'],
    [
      'a path leaves the package',
      'apps/tour',
      "import '../../reference-api/src/index.js';",
      'leaves its own src',
    ],
    ['a path leaves src', 'packages/kernel', "import '../test/helper.js';", 'leaves its own src'],
    [
      'a file inside a package is imported',
      'packages/core',
      "import '@secapi/http/src/cors.js';",
      'does not export ./src/cors.js',
    ],
    [
      'a package that is not there is imported',
      'packages/core',
      "import '@secapi/nothing';",
      'no such package',
    ],
    ['a package imports itself by name', 'packages/core', "import '@secapi/core';", 'imports itself'],
  ])('is found when %s', (_claim, folder, text, problem) => {
    expect(problems(folder, text)).toEqual([expect.stringContaining(problem)]);
  });

  it.each([
    ['export … from', "export { x } from 'express';"],
    ['export * from', "export * from 'express';"],
    ['import type', "import type { Express } from 'express';"],
    ['a type in the middle of a line', "export type App = import('express').Express;"],
    ['a dynamic import', "export const load = () => import('express');"],
    ['import = require', "import express = require('express');"],
    ['require', "const express = require('express');"],
    ['a template without holes', 'const x = import(`express`);'],
    ['a type reference', '/// <reference types="express" />'],
  ])('is found when it is written as %s', (_form, text) => {
    expect(problems('packages/core', text)).toEqual(['express: express is not a library of packages/core']);
  });

  it('is not allowed to hide in a computed name', () => {
    expect(problems('packages/core', "const x = import('exp' + 'ress');")).toEqual([
      expect.stringContaining('can not be checked'),
    ]);
  });

  it('is found in a test that reaches into an app, by name and by path', () => {
    expect(problems('packages/core', "import '@secapi/reference-api';", 'test/planted.test.ts')).toHaveLength(
      1,
    );
    const path = "import '../../../apps/reference-api/src/index.js';";
    expect(problems('packages/core', path, 'test/planted.test.ts')).toHaveLength(1);
  });

  it('is found in a manifest before any file uses it', () => {
    const changed = house.map((pkg) =>
      pkg.folder === 'packages/primitives/policy'
        ? {
            ...pkg,
            manifest: { ...pkg.manifest, dependencies: { '@secapi/tokens': 'workspace:^', koa: '3.3.0' } },
          }
        : pkg,
    );
    const found = violations(changed).filter(
      ({ file }) => file === 'packages/primitives/policy/package.json',
    );
    expect(found.map(({ specifier }) => specifier)).toEqual(['@secapi/tokens', 'koa']);
  });
});

describe('an honest import', () => {
  it.each([
    [
      'a primitive imports the kernel',
      'packages/primitives/policy',
      "import { ConfigError } from '@secapi/kernel';",
    ],
    ['a primitive imports its library', 'packages/primitives/tokens', "import { SignJWT } from 'jose';"],
    [
      'a Node primitive imports Node',
      'packages/primitives/hashing',
      "import { availableParallelism } from 'node:os';",
    ],
    ['core imports primitives', 'packages/core', "import { createCors } from '@secapi/http';"],
    [
      'a store imports an interface and its driver',
      'packages/stores/redis',
      "import type { RateLimitStore } from '@secapi/rate-limit';\nimport type { Redis } from 'ioredis';",
    ],
    [
      'an adapter imports its framework',
      'packages/adapters/koa',
      "import type Koa from 'koa';\nimport '@secapi/node';\nimport '@secapi/core';",
    ],
    [
      'an app imports what it likes',
      'apps/reference-api',
      "import express from 'express';\nimport '@secapi/core/fetch';\nimport 'node:fs';",
    ],
    [
      'an import stands only in a comment or a text',
      'packages/core',
      "// import 'express';\nexport const text = \"import 'express'\";",
    ],
  ])('passes when %s', (_claim, folder, text) => {
    expect(problems(folder, text)).toEqual([]);
  });
});
