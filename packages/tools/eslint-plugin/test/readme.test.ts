import { Linter } from 'eslint';
import { expect, it } from 'vitest';
import { recommended } from '../src/index.js';

it("the README's config turns the rule on", () => {
  const config = [
    recommended,
    {
      rules: { '@secapi/no-built-sql': ['error', { methods: ['where', 'literal'], plainTags: ['trimmed'] }] },
    },
  ];
  const messages = (configs: object[]) =>
    new Linter()
      .verify('sequelize.literal("a = " + a); db.query("SELECT " + a);', configs)
      .map(({ ruleId, line }) => [ruleId, line]);
  expect(messages([recommended])).toEqual([['@secapi/no-built-sql', 1]]);
  expect(messages(config)).toEqual([
    ['@secapi/no-built-sql', 1],
    ['@secapi/no-built-sql', 1],
  ]);
});
