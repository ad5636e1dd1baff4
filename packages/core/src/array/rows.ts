/** @file Flat rows as a list of vectors, and back. */

/** Views of the rows of a flat [n, width]. */
export function splitRows(values: Float64Array, width: number): Float64Array[] {
  return Array.from({ length: values.length / width }, (_, i) =>
    values.subarray(i * width, (i + 1) * width),
  );
}

/** Vectors one after another in a new flat array. */
export function joinRows(rows: readonly ArrayLike<number>[]): Float64Array<ArrayBuffer> {
  const joined = new Float64Array(rows.reduce((sum, row) => sum + row.length, 0));
  let at = 0;
  for (const row of rows) {
    joined.set(row, at);
    at += row.length;
  }
  return joined;
}
