/** Whether every surrogate in a text has its other half: only then does each password have UTF-8 bytes of its own. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

/** How many Unicode code points a text has. */
export function countCodePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
