import { ApiError, answer, route } from '@secapi/core';
import { fileField, formFiles } from '@secapi/validation';
import type { Pictures } from '../domain/pictures.js';
import { type AppRoute, define } from './app-route.js';

const files = formFiles(
  { picture: fileField({ types: ['image/png', 'image/jpeg', 'image/webp'], maxBytes: '256kb' }) },
  { maxFields: 0 },
);

/**
 * The picture that somebody shows of themselves: a form with one file, which is one of three types by its content. What is behind its first
 * bytes is not looked at, so it leaves as that type and as nothing else.
 */
export function pictureRoutes(pictures: Pictures): AppRoute[] {
  return [
    define(
      'PUT',
      '/api/me/picture',
      route({ access: 'signed-in', files }),
      async ({ files: { picture }, principal }) => {
        await pictures.put(principal.id, { type: picture.type, bytes: picture.bytes });
        return answer(204);
      },
    ),
    define('GET', '/api/me/picture', route({ access: 'signed-in' }), async ({ principal }) => {
      const picture = await pictures.find(principal.id);
      if (!picture) throw new ApiError('NOT_FOUND');
      return answer(200, picture.bytes, [
        ['content-type', picture.type],
        ['content-disposition', 'inline; filename="picture"'],
      ]);
    }),
    define('DELETE', '/api/me/picture', route({ access: 'signed-in' }), async ({ principal }) => {
      if (!(await pictures.remove(principal.id))) throw new ApiError('NOT_FOUND');
      return answer(204);
    }),
  ];
}
