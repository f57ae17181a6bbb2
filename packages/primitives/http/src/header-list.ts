/** Response headers in the order in which they are written; names are lower-case. */
export type HeaderList = readonly (readonly [name: string, value: string])[];
