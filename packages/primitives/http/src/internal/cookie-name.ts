/** What a browser demands of a cookie whose name begins so (RFC 6265bis §4.1.3), longest first. */
export const prefixes = [
  { prefix: '__Host-Http-', host: true, http: true },
  { prefix: '__Secure-', host: false, http: false },
  { prefix: '__Host-', host: true, http: false },
  { prefix: '__Http-', host: false, http: true },
] as const;

/** The prefix of a name, whatever its case, as browsers match it. */
export function prefixOf(name: string): (typeof prefixes)[number] | undefined {
  if (name.charCodeAt(0) !== 0x5f || name.charCodeAt(1) !== 0x5f) return undefined;
  const lower = name.toLowerCase();
  return prefixes.find(({ prefix }) => lower.startsWith(prefix.toLowerCase()));
}
