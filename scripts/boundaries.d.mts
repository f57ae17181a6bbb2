/** A package of the house, as the boundary lint sees it. */
export interface HousePackage {
  readonly folder: string;
  readonly floor: 'kernel' | 'primitive' | 'store' | 'core' | 'bridge' | 'adapter' | 'tool' | 'app';
  readonly manifest: {
    readonly name: string;
    readonly version: string;
    readonly private?: boolean;
    readonly license?: string;
    readonly type?: string;
    readonly files?: readonly string[];
    readonly exports?: Readonly<Record<string, { readonly types?: string; readonly default?: string }>>;
    readonly dependencies?: Readonly<Record<string, string>>;
  };
  readonly anywhere: boolean;
  readonly files: readonly { readonly path: string; readonly text: string }[];
}

/** An import that the house forbids. */
export interface Violation {
  readonly file: string;
  readonly line: number;
  readonly specifier: string | undefined;
  readonly problem: string;
}

/** The packages of a checkout, with their sources and tests. */
export function readPackages(root: string): HousePackage[];

/** Every import, and every dependency of a manifest, that the house forbids. */
export function violations(packages: readonly HousePackage[]): Violation[];
