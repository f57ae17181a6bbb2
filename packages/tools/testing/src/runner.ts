/** The parts of a test runner that a suite needs: Vitest's and Jest's fit as they are. */
export interface TestRunner {
  readonly describe: (title: string, body: () => void) => unknown;
  /** `timeout`, in milliseconds, where a test may take longer than others. */
  readonly it: (title: string, body: () => Promise<void>, timeout?: number) => unknown;
  readonly expect: (value: unknown) => {
    /** Deep equality; a property that is `undefined` counts as absent. */
    toEqual(expected: unknown): unknown;
  };
}

/** A runner that also knows what comes before and after the tests of a block. */
export interface LifecycleRunner extends TestRunner {
  readonly beforeAll: (body: () => Promise<void>) => unknown;
  readonly afterAll: (body: () => Promise<void>) => unknown;
}

/** A new, empty store for one test, and how it is let go. */
export interface Fixture<Store> {
  readonly store: Store;
  close(): Promise<void>;
}
