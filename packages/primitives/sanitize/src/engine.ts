import { SecapiError } from '@secapi/kernel';
import type { Config } from 'dompurify';
import type { SanitizeErrorCode } from './errors.js';

/** A DOMPurify in a window of its own. */
export interface Engine {
  clean(html: string): string;
}

/** The first DOMPurify without a known hole: 3.4.17 closed the last one. */
const floor = [3, 4, 17] as const;

/** DOMPurify asks this of every attribute's value: a scheme that leads somewhere harmless, or something that is no scheme. */
const safeValue = /^(?:(?:https?|mailto):|[^a-z]|[a-z+.-]+(?:[^a-z+.\-:]|$))/i;

/**
 * Loads jsdom and DOMPurify, a second's work or more, and makes the engine.
 *
 * @param callsPerWindow after how many calls it takes a new window: each keeps a little of every document that was parsed in it
 */
export async function loadEngine(
  tags: readonly string[],
  attributes: readonly string[],
  callsPerWindow = 5_000,
): Promise<Engine> {
  const [{ JSDOM, VirtualConsole }, { default: createDOMPurify }] = await Promise.all([
    import('jsdom'),
    import('dompurify'),
  ]);
  const config: Config = {
    ALLOWED_TAGS: [...tags],
    ALLOWED_ATTR: [...attributes],
    ALLOWED_NAMESPACES: ['http://www.w3.org/1999/xhtml'],
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

  const open = () => {
    // a console of its own, so that nothing about somebody's text is printed
    const { window } = new JSDOM('', { virtualConsole: new VirtualConsole() });
    const purifier = createDOMPurify(window);
    checkEngine(purifier);
    purifier.setConfig(config);
    return { window, purifier };
  };

  let current = open();
  let calls = 0;
  return {
    clean(html) {
      if (++calls > callsPerWindow) {
        const { window } = current;
        current = open();
        window.close();
        calls = 1;
      }
      return withoutIs(current.purifier.sanitize(html));
    },
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

/** Refuses an engine with known holes, and a DOM on which DOMPurify would give its input back. */
export function checkEngine(purifier: { readonly version: string; readonly isSupported: boolean }): void {
  if (!isAtLeast(purifier.version)) {
    refuse(
      'SANITIZER_OUTDATED',
      `DOMPurify is older than ${floor.join('.')}, which closed its last known hole`,
    );
  }
  if (purifier.isSupported !== true) refuse('SANITIZER_UNSUPPORTED', 'DOMPurify does not work on this DOM');
}

function isAtLeast(version: string): boolean {
  const match = /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})$/.exec(version); // a pre-release is not a release
  if (!match) return false;
  const parts = match.slice(1).map(Number);
  const difference = floor.map((least, i) => (parts[i] ?? 0) - least).find((step) => step !== 0) ?? 0;
  return difference >= 0;
}

function refuse(code: SanitizeErrorCode, message: string): never {
  throw new SecapiError(code, message);
}
