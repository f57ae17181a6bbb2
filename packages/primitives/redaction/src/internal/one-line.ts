// What ends a line somewhere, drives a terminal, or turns the text that follows round (ASVS v5.0.0-16.4.1).
const unsafe = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
const every = new RegExp(unsafe, 'gu');

/** A text, or a text as JSON, on one line, with nothing in it that acts: such characters stand as `\n` or `\u202e`. */
export function oneLine(text: string): string {
  return unsafe.test(text) ? text.replace(every, escapeOf) : text;
}

function escapeOf(char: string): string {
  const json = JSON.stringify(char).slice(1, -1);
  return json === char ? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}` : json;
}
