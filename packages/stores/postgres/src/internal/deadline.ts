import { DatabaseError } from '../errors.js';

/** Rejects with `DATABASE_DEADLINE` when `work` takes longer; `work` itself goes on, so the caller cuts its connection. */
export async function within<T>(milliseconds: number, what: string, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const fail = (): void =>
      reject(
        new DatabaseError('DATABASE_DEADLINE', `PostgreSQL: ${what} took longer than ${milliseconds} ms`),
      );
    timer = setTimeout(fail, Math.max(0, milliseconds));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
