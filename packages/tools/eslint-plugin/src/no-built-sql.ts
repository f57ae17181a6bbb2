import type { Rule } from 'eslint';
import type { Node } from './internal/ast.js';
import { canBeSql, looksLikeSql } from './internal/looks-like-sql.js';
import type { Shape } from './internal/shape.js';
import { passedBy } from './internal/sinks.js';
import { createTracer } from './internal/trace.js';

/** Options of {@link noBuiltSql}. */
export interface NoBuiltSqlOptions {
  /** More functions and methods whose first argument is SQL, such as `['where', 'literal']`. */
  readonly methods?: readonly string[];
  /** More tags that give a plain string, as `String.raw` does. */
  readonly plainTags?: readonly string[];
}

const plainTags = ['String.raw', 'dedent', 'outdent', 'stripIndent', 'stripIndents', 'oneLine', 'endent'];
const strings = { type: 'array', items: { type: 'string' }, uniqueItems: true };

/**
 * Finds SQL that is put together from strings: by `${…}`, `+`, `+=`, `concat`, `join`, `replace` or `util.format`, passed to a function of a driver or a query
 * builder, directly or through variables, and whatever looks like SQL even if it is passed to nobody. Tagged templates such as `` sql`…` `` are left
 * alone, and so is what is put together from constants and numbers (ASVS v5.0.0-1.2.4).
 */
export const noBuiltSql: Rule.RuleModule = {
  meta: {
    type: 'problem',
    docs: { description: 'find SQL that is put together from strings' },
    schema: [
      { type: 'object', properties: { methods: strings, plainTags: strings }, additionalProperties: false },
    ],
    messages: {
      built:
        'SQL is put together from strings here, so that whatever stands in them becomes SQL. Write it as a template, sql`…` of @secapi/sql, with each value in its place.',
      passed:
        'What is passed to {{to}} is put together from strings here, so that whatever stands in them becomes SQL. Write it as a template, sql`…` of @secapi/sql, with each value in its place.',
    },
  },
  create(context) {
    const [options = {}] = context.options as [NoBuiltSqlOptions?]; // as the schema says
    const methods = new Set(options.methods);
    const tracer = createTracer(context.sourceCode, new Set([...plainTags, ...(options.plainTags ?? [])]));
    const reported: Node[] = [];

    function report(at: Node, messageId: 'built' | 'passed', to: string = ''): void {
      if (reported.some((other) => holds(other, at))) return;
      reported.push(at);
      context.report({ node: at, messageId, data: { to } });
    }

    function check(node: Node): void {
      const shape = tracer.shapeOf(node);
      if (isBuilt(shape) && looksLikeSql(shape.text)) report(shape.at, 'built');
    }

    return {
      CallExpression(node) {
        const passed = passedBy(node, methods);
        for (const text of passed?.texts ?? []) {
          const shape = tracer.shapeOf(text);
          if (passed && isBuilt(shape) && canBeSql(shape.text, passed.sureness))
            report(shape.at, 'passed', passed.to);
        }
        check(node);
      },
      TemplateLiteral(node) {
        if (node.parent.type !== 'TaggedTemplateExpression' && node.expressions.length > 0) check(node);
      },
      TaggedTemplateExpression: check,
      BinaryExpression(node) {
        if (node.operator === '+') check(node);
      },
      AssignmentExpression(node) {
        if (node.operator === '+=') check(node);
      },
    };
  },
};

function isBuilt(shape: Shape): shape is Shape & { readonly at: Node } {
  return shape.kind === 'built' && shape.at !== undefined;
}

function holds(outer: Node, inner: Node): boolean {
  const [[from = 0, to = 0] = [], [begin = 0, end = 0] = []] = [outer.range, inner.range];
  return from <= begin && end <= to;
}
