import { SecapiError } from '@secapi/kernel';
import type createDOMPurify from 'dompurify';
import type { Config, DOMPurify } from 'dompurify';
import type { DOMWindow, JSDOM, VirtualConsole } from 'jsdom';
import type { SanitizeErrorCode } from './errors.js';

/** A DOMPurify in a window of its own. */
export interface Engine {
  clean(html: string, lists: Lists): string;
}

/** The tags and attributes that stay; the same object means the same lists. */
export interface Lists {
  readonly tags: readonly string[];
  readonly attributes: readonly string[];
}

/** The two libraries, however a thread comes by them. */
export interface Libraries {
  readonly jsdom: { readonly JSDOM: typeof JSDOM; readonly VirtualConsole: typeof VirtualConsole };
  readonly createDOMPurify: typeof createDOMPurify;
}

/** The first DOMPurify without a known hole (3.4.17 closed the last one), and the first jsdom of the line that our corpus is run with. */
const floors = { DOMPurify: [3, 4, 17], jsdom: [29, 0, 0] } as const;

/** DOMPurify asks this of every attribute's value: a scheme that leads somewhere harmless, or something that is no scheme. */
const safeValue = /^(?:(?:https?|mailto):|[^a-z]|[a-z+.-]+(?:[^a-z+.\-:]|$))/i;

/**
 * Makes the engine.
 *
 * @param callsPerWindow after how many calls it takes a new window: each keeps a little of every document that was parsed in it
 */
export function createEngine(libraries: Libraries, callsPerWindow = 5_000): Engine {
  let current = open(libraries);
  let lists: Lists | undefined;
  let calls = 0;
  return {
    clean(html, wanted) {
      if (++calls > callsPerWindow) {
        const { window } = current;
        current = open(libraries);
        window.close();
        calls = 1;
        lists = undefined;
      }
      if (lists !== wanted) {
        current.purifier.setConfig(configOf(wanted));
        lists = wanted;
      }
      return withoutIs(current.purifier.sanitize(html));
    },
  };
}

function open({ jsdom, createDOMPurify }: Libraries): { window: DOMWindow; purifier: DOMPurify } {
  // a console of its own, so that nothing about somebody's text is printed
  const { window } = new jsdom.JSDOM('', { virtualConsole: new jsdom.VirtualConsole() });
  const purifier = createDOMPurify(window);
  checkEngine(purifier, window.navigator.userAgent);
  return { window, purifier };
}

/** HTML from a text to a text: no SVG, no MathML, no XHTML, nothing in place, no nodes. */
function configOf({ tags, attributes }: Lists): Config {
  return {
    ALLOWED_TAGS: [...tags],
    ALLOWED_ATTR: [...attributes],
    ALLOWED_NAMESPACES: ['http://www.w3.org/1999/xhtml'],
    NAMESPACE: 'http://www.w3.org/1999/xhtml',
    PARSER_MEDIA_TYPE: 'text/html',
    ALLOWED_URI_REGEXP: safeValue,
    ALLOW_ARIA_ATTR: false,
    ALLOW_DATA_ATTR: false,
    ALLOW_UNKNOWN_PROTOCOLS: false,
    ALLOW_SELF_CLOSE_IN_ATTR: false,
    SAFE_FOR_XML: true,
    SANITIZE_DOM: true,
    IN_PLACE: false,
    RETURN_DOM: false,
    RETURN_DOM_FRAGMENT: false,
    RETURN_TRUSTED_TYPE: false,
    WHOLE_DOCUMENT: false,
  };
}

/**
 * DOMPurify can't take an `is` away, it can only empty it. In what a serializer writes every `<` begins a tag and no value holds a quote, so
 * that the rest is found here without parsing.
 */
function withoutIs(html: string): string {
  return html.includes(' is=""')
    ? html.replaceAll(/(<[a-z][a-z0-9]*(?: [a-z-]+="[^"]*")*?) is=""/g, '$1')
    : html;
}

/**
 * Refuses an engine with known holes, and a DOM on which DOMPurify would give its input back.
 *
 * @param userAgent of the DOM; jsdom's ends with its version
 */
export function checkEngine(
  purifier: { readonly version: string; readonly isSupported: boolean },
  userAgent: string,
): void {
  checkFloor('DOMPurify', purifier.version);
  checkFloor('jsdom', / jsdom\/(\S+)$/.exec(userAgent)?.[1] ?? '');
  if (purifier.isSupported !== true) refuse('SANITIZER_UNSUPPORTED', 'DOMPurify does not work on this DOM');
}

function checkFloor(name: keyof typeof floors, version: string): void {
  const floor = floors[name];
  if (isAtLeast(version, floor)) return;
  refuse('SANITIZER_OUTDATED', `${name} is older than ${floor.join('.')}, the first that is safe here`);
}

function isAtLeast(version: string, floor: readonly number[]): boolean {
  const match = /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})$/.exec(version); // a pre-release is not a release
  if (!match) return false;
  const parts = match.slice(1).map(Number);
  const difference = floor.map((least, i) => (parts[i] ?? 0) - least).find((step) => step !== 0) ?? 0;
  return difference >= 0;
}

function refuse(code: SanitizeErrorCode, message: string): never {
  throw new SecapiError(code, message);
}
