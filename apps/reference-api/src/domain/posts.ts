import { type Clock, uuidv7 } from '@secapi/kernel';
import { empty, join, like, type Runner, sql } from '@secapi/sql';
import { isUuid, type Mark } from './page.js';

/** A post as it is stored; its HTML was made safe before. */
export interface Post {
  readonly id: string;
  readonly authorId: string;
  readonly title: string;
  readonly html: string;
  /** Milliseconds. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** The posts of the service. */
export interface Posts {
  find(id: string): Promise<Post | undefined>;
  /** By when they were made, the newest first unless it says otherwise. */
  list(page: {
    readonly limit: number;
    readonly after?: Mark | undefined;
    readonly oldestFirst?: boolean;
  }): Promise<Post[]>;
  search(text: string, limit: number): Promise<Post[]>;
  add(post: Pick<Post, 'authorId' | 'title' | 'html'>): Promise<Post>;
  update(id: string, change: Partial<Pick<Post, 'title' | 'html'>>): Promise<Post | undefined>;
  remove(id: string): Promise<boolean>;
}

const columns = sql`id, author_id AS "authorId", title, html, created_at::float8 AS "createdAt", updated_at::float8 AS "updatedAt"`;

/** The posts in PostgreSQL. */
export function createPosts(db: Runner, now: Clock): Posts {
  return {
    async find(id) {
      return isUuid(id) ? db.one<Post>(sql`SELECT ${columns} FROM post WHERE id = ${id}`) : undefined;
    },
    list({ limit, after, oldestFirst = false }) {
      const [beyond, order] = oldestFirst
        ? [sql`>`, sql`created_at ASC, id ASC`]
        : [sql`<`, sql`created_at DESC, id DESC`];
      const from = after ? sql`WHERE (created_at, id) ${beyond} (${after.at}, ${after.id})` : empty;
      return db.query<Post>(sql`SELECT ${columns} FROM post ${from} ORDER BY ${order} LIMIT ${limit}`);
    },
    search(text, limit) {
      const pattern = like.contains(text);
      return db.query<Post>(
        sql`SELECT ${columns} FROM post WHERE title ILIKE ${pattern} OR html ILIKE ${pattern} ORDER BY created_at DESC, id DESC LIMIT ${limit}`,
      );
    },
    async add({ authorId, title, html }) {
      const at = now();
      const post = { id: uuidv7(now), authorId, title, html, createdAt: at, updatedAt: at };
      await db.query(
        sql`INSERT INTO post (id, author_id, title, html, created_at, updated_at) VALUES (${post.id}, ${authorId}, ${title}, ${html}, ${at}, ${at})`,
      );
      return post;
    },
    update(id, change) {
      const changes = [sql`updated_at = ${now()}`];
      if (change.title !== undefined) changes.push(sql`title = ${change.title}`);
      if (change.html !== undefined) changes.push(sql`html = ${change.html}`);
      return db.one<Post>(sql`UPDATE post SET ${join(changes)} WHERE id = ${id} RETURNING ${columns}`);
    },
    async remove(id) {
      return (await db.one(sql`DELETE FROM post WHERE id = ${id} RETURNING id`)) !== undefined;
    },
  };
}
