/** @file What a file of a model holds, by its name. */

export interface NamedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Files that may hold codes. */
export const codesName = /\.(npy|csv|tsv|txt|parquet)$/i;
/** A table about the codes, row for row. */
export const metadataName = /(^|\/)metadata\.(csv|tsv|txt|parquet)$/i;
/** The observations that the codes stand for, row for row. */
export const observationsName = /(^|\/)observations\.npy$/i;
/** Files that say something about the codes and hold none. */
export const besideName =
  /(^|\/)((labels|values|observations)\.npy|metadata\.(csv|tsv|txt|parquet))$/i;
