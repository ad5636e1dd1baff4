/** @file The files of a model: where they come from, and what one holds, by its name. */

export interface NamedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Where a model comes from: files of a site, or those that a visitor dropped. */
export type ModelSource =
  | {
      readonly kind: "site";
      readonly base: string;
      readonly files: readonly string[];
      /** A visitor's own files beside them. */
      readonly own?: readonly NamedFile[];
    }
  | { readonly kind: "files"; readonly files: readonly NamedFile[] };

/** Files that may hold codes. */
export const codesName = /\.(npy|csv|tsv|txt|parquet)$/i;
/** A table about the codes, row for row. */
export const metadataName = /(^|\/)metadata\.(csv|tsv|txt|parquet)$/i;
/** The observations that the codes stand for, row for row. */
export const observationsName = /(^|\/)observations\.npy$/i;
/** Files that say something about the codes and hold none. */
export const besideName =
  /(^|\/)((labels|values|observations)\.npy|metadata\.(csv|tsv|txt|parquet))$/i;
