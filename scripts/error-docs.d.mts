/** What the catalogue's module exports. */
export interface CatalogueModule {
  readonly catalogue: Readonly<
    Record<string, { status: number; title: string; detail: string; when: string; action: string }>
  >;
  problemType(code: string): string;
}

export function errorDocs(root: string): Promise<{ ok: boolean; output: string }>;
export function render(module: CatalogueModule): string;
export function readCatalogue(root: string): Promise<CatalogueModule>;
