import { itemsOf, textOf } from '../client.js';
import type { Guide } from '../guide.js';
import { bearing, json, type People } from '../people.js';

const hostile =
  '<p onclick="steal()">Hello <b>there</b><script>steal()</script><img src=x onerror=steal()><a href="javascript:steal()">!</a></p>';

/** Ann writes and finds a post; others try it with HTML, with SQL, and on what is hers. */
export async function posts(guide: Guide, { ann, bob }: People): Promise<void> {
  guide.chapter('Posts');
  const word = ann.email.split(/[-@]/)[1] ?? '';
  const search = (q: string) =>
    bearing(ann.accessToken, { method: 'GET', path: `/api/search?q=${encodeURIComponent(q)}` });

  const made = await guide.honest(
    'Ann posts',
    bearing(
      ann.accessToken,
      json('POST', '/api/posts', { title: `Letter ${word}`, html: '<p>Good <b>morning</b></p>' }),
    ),
    {
      status: 201,
      also: ({ json: post }) =>
        textOf(post, 'html') === '<p>Good <b>morning</b></p>' ? undefined : 'her HTML was changed',
      shows: 'her HTML as she wrote it',
    },
  );
  const post = { method: 'GET', path: `/api/posts/${textOf(made.json, 'id') ?? ''}` } as const;
  await guide.attack(
    'scripts in the HTML of a post',
    bearing(bob.accessToken, json('POST', '/api/posts', { title: 'Hello', html: hostile })),
    {
      status: 201,
      also: ({ json: answer }) => harmless(textOf(answer, 'html')),
      guard: 'sanitizer: made harmless',
    },
  );
  await guide.honest('Ann searches for her post', search(word), {
    status: 200,
    also: ({ json: page }) => (itemsOf(page)?.length === 1 ? undefined : 'it was not the one post'),
    shows: 'one found',
  });
  await guide.attack("a search for ' OR 1=1; DROP TABLE post; --", search("' OR 1=1; DROP TABLE post; --"), {
    status: 200,
    also: ({ json: page }) => (itemsOf(page)?.length === 0 ? undefined : 'it found posts'),
    guard: 'sql: stays a parameter',
  });
  await guide.attack(
    "Bob rewrites Ann's post",
    bearing(bob.accessToken, json('PATCH', post.path, { title: 'Mine' })),
    { status: 404, code: 'NOT_FOUND', guard: "owner: as if it weren't" },
  );
  await guide.attack(
    'Bob lists the users, as admins may',
    bearing(bob.accessToken, { method: 'GET', path: '/api/users' }),
    { status: 403, code: 'FORBIDDEN', guard: 'policy: user:read' },
  );
  await guide.honest('Ann reads her post', bearing(ann.accessToken, post), {
    status: 200,
    also: ({ json: answer }) =>
      textOf(answer, 'title') === `Letter ${word}` ? undefined : 'its title was changed',
    shows: 'still there, unchanged',
  });
}

function harmless(html: string | undefined): string | undefined {
  if (html === undefined) return 'there was no HTML in the answer';
  const found = /steal|script|onerror|onclick|<img|<a\b/i.exec(html);
  if (found) return `'${found[0]}' was still in it`;
  return html.includes('<b>there</b>') ? undefined : 'the harmless part was gone as well';
}
