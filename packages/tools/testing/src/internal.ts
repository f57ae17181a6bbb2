import type { Fixture, TestRunner } from './runner.js';

/** A text that PostgreSQL, C or a careless encoder would cut or change. */
export const strangeText = 'a\0b \ud800 \u{1f511} "\\\' é';

/** Declares a test that gets its own store, which is let go whatever the test finds. */
export function withStore<Store>({ it }: TestRunner, make: () => Promise<Fixture<Store>>) {
  return (title: string, body: (store: Store) => Promise<void>): void => {
    it(title, async () => {
      const { store, close } = await make();
      try {
        await body(store);
      } finally {
        await close();
      }
    });
  };
}

/** Whether a promise was rejected. */
export async function isRejected(promise: Promise<unknown>): Promise<boolean> {
  return promise.then(
    () => false,
    () => true,
  );
}

/** The results of so many calls made at once. */
export function atOnce<T>(count: number, call: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => call(index)));
}
