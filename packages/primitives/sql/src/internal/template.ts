import { misuse } from '../errors.js';

const checked = new WeakSet<object>();

/**
 * Checks the text of a template, once: whatever its values are, they stand where a database takes them for values. Each piece of text between two
 * values must be whole by itself, its quotes and comments closed, and mean the same to every database.
 *
 * @throws SecapiError when it isn't a template, or its text is not safe to put values into
 */
export function checkTemplate(strings: TemplateStringsArray): void {
  if (checked.has(strings)) return;
  // a template's strings are frozen and know their raw form: no JSON text and no plain call can look like that
  if (!Array.isArray(strings) || !Array.isArray(strings.raw) || !Object.isFrozen(strings)) {
    misuse(
      'SQL_NOT_A_TEMPLATE',
      'sql is not called with a string: write it as a tag, sql`…`, with each value in its place',
    );
  }
  for (const [index, text] of strings.entries()) {
    if (typeof text !== 'string') misuse('SQL_NOT_A_TEMPLATE', 'the template has a broken escape sequence');
    checkPiece(text, index === strings.length - 1);
  }
  checked.add(strings);
}

function checkPiece(text: string, last: boolean): void {
  if (text.includes('\0')) ambiguous('NUL ends the text for some databases: leave it out');
  for (let at = 0; at < text.length; at = next(text, at, last)) {
    if (text[at] === ';')
      misuse(
        'SQL_MANY_STATEMENTS',
        'a query is one statement: leave the ; out, and run two as two, in a transaction',
      );
  }
}

/** Where the text goes on after the sign, or the quotes or comment, that begin at `at`. */
function next(text: string, at: number, last: boolean): number {
  switch (text[at]) {
    case "'":
    case '"':
    case '`':
      return afterQuotes(text, at, last);
    case '-':
      return text[at + 1] === '-' ? afterLineComment(text, at, last) : at + 1;
    case '/':
      return text[at + 1] === '*' ? afterComment(text, at, last) : at + 1;
    case '$':
      return afterDollar(text, at, last);
    default:
      return at + 1;
  }
}

function afterQuotes(text: string, at: number, last: boolean): number {
  const end = text.indexOf(text[at] ?? '', at + 1);
  if (end < 0) unclosed(last, 'quotes');
  // A doubled quote closes here and opens again, which comes to the same.
  if (text[end - 1] === '\\')
    ambiguous('a quote after a backslash ends a text in one database and not in another: make it a value');
  return end + 1;
}

function afterLineComment(text: string, at: number, last: boolean): number {
  if (!/[ \t\r\n]/.test(text[at + 2] ?? ' '))
    ambiguous('-- without a space is a comment in one database and two minus signs in another');
  const end = text.indexOf('\n', at);
  if (end < 0) unclosed(last, 'a comment, which needs the end of its line,');
  return end + 1;
}

function afterComment(text: string, at: number, last: boolean): number {
  const end = text.indexOf('*/', at + 2);
  if (end < 0) unclosed(last, 'a comment');
  const comment = text.slice(at + 2, end);
  if (comment.includes('/*') || /^M?!/.test(comment))
    ambiguous('a comment in a comment, or one with !, is text in one database and not in another');
  return end + 2;
}

const dollars = /\$(?:[A-Za-z_]\w*)?\$/y;

function afterDollar(text: string, at: number, last: boolean): number {
  if (/\w/.test(text[at - 1] ?? '')) return at + 1; // inside a name
  if (/\d/.test(text[at + 1] ?? '')) {
    misuse(
      'SQL_PLACEHOLDER_IN_TEXT',
      'placeholders are numbered by themselves: put the value where $1 stands',
    );
  }
  dollars.lastIndex = at;
  const [quote] = dollars.exec(text) ?? [];
  if (quote === undefined) return at + 1;
  const end = text.indexOf(quote, at + quote.length);
  if (end < 0) unclosed(last, 'dollar quotes');
  return end + quote.length;
}

function unclosed(last: boolean, what: string): never {
  if (last) misuse('SQL_TEXT_UNCLOSED', `${what} must be closed in the template that opens it`);
  misuse(
    'SQL_VALUE_IN_QUOTES',
    `a value stands in ${what} where it would be text: leave the quotes out, for LIKE use like.contains(…)`,
  );
}

function ambiguous(message: string): never {
  misuse('SQL_TEXT_AMBIGUOUS', message);
}
