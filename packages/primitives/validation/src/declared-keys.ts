import type { StandardSchemaV1 } from '@standard-schema/spec';

/**
 * The keys that an object's schema declares, or `undefined` where it doesn't tell: valibot's `entries`, zod's `shape`, arktype's `props`.
 * Header fields and cookies are picked by them, since every request has more of them than any schema names.
 */
export function declaredKeys(schema: StandardSchemaV1): readonly string[] | undefined {
  const { vendor } = schema['~standard'];
  if (vendor === 'arktype') return arkKeys(schema);
  const { entries, shape } = schema as { entries?: unknown; shape?: unknown }; // what libraries put beside the standard
  const members = entries ?? shape;
  return typeof members === 'object' && members !== null ? Object.keys(members) : undefined;
}

function arkKeys(schema: object): readonly string[] | undefined {
  try {
    const { props } = schema as { props?: readonly { readonly key?: unknown }[] };
    const keys = props?.map(({ key }) => key);
    return keys?.every((key) => typeof key === 'string') ? keys : undefined;
  } catch {
    return undefined; // it throws for what is no object
  }
}
