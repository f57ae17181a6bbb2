/** How to start a browser. */
export interface Chromium {
  readonly executablePath: string;
  readonly args: string[];
  readonly skipped?: undefined;
}

/** The system's Chromium, or why there is none; in CI it throws instead. */
export function findChromium(): Chromium | { readonly skipped: string };
