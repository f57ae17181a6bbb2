import { fields, strictObject } from '@secapi/validation';
import * as v from 'valibot';

/** A path's id: any short text; one that isn't an id is the id of nothing, and so 404. */
export const ById = strictObject({ id: v.pipe(v.string(), v.maxLength(64)) });

/** `?limit&cursor` of a list: 50 items by default, 100 at most. */
export const PageQuery = strictObject({
  limit: fields.limit({ default: 50, max: 100 }),
  cursor: v.optional(fields.cursor()),
});

/** What a browser says of itself, as the list of sessions shows it: whatever it says, nobody is refused for it. */
export const Visitor = strictObject({
  'user-agent': v.optional(
    v.pipe(
      v.string(),
      v.transform((text) => text.replace(/\p{C}/gu, '').slice(0, 256)),
    ),
  ),
});

/** A post as it is answered. */
export const PostView = v.object({
  id: v.string(),
  title: v.string(),
  html: v.string(),
  authorId: v.string(),
  createdAt: v.string(),
  updatedAt: v.string(),
});

/** An account as administrators see it. */
export const AccountItem = v.object({
  id: v.string(),
  email: v.string(),
  name: v.string(),
  role: v.string(),
  emailVerified: v.boolean(),
});

/** A page of a list. */
export function pageOf<S extends v.GenericSchema>(item: S): v.GenericSchema {
  return v.object({ items: v.array(item), nextCursor: v.nullable(v.string()) });
}
