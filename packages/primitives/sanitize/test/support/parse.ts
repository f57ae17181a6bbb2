import createDOMPurify from 'dompurify';
import * as jsdom from 'jsdom';
import { createEngine, type Engine } from '../../src/engine.js';

/** An engine on the test's own thread. */
export function engineHere(callsPerWindow?: number): Engine {
  return createEngine({ jsdom, createDOMPurify }, callsPerWindow);
}

const parser = new new jsdom.JSDOM('').window.DOMParser();

/** What a reader of the result finds in it: the names of its elements and attributes, in a page and in an element of one. */
export function found(html: string): string[] {
  const { body } = parser.parseFromString(`<!doctype html><body>${html}`, 'text/html');
  const template = body.ownerDocument.createElement('template');
  template.innerHTML = html;
  return [...body.querySelectorAll('*'), ...template.content.querySelectorAll('*')].flatMap((element) => [
    element.namespaceURI === 'http://www.w3.org/1999/xhtml'
      ? element.localName
      : `foreign ${element.localName}`,
    ...[...element.attributes].map((attribute) => `@${attribute.name}`),
  ]);
}
