/**
 * @file UMAP (McInnes et al. 2018) from a matrix of distances: umap-js with the neighbours given.
 *
 * The picture depends on the seed, and distances between its clusters mean little.
 */
import { UMAP } from "umap-js";
import { InputError } from "../array/errors.ts";
import { random } from "../array/random.ts";
import type { FloatArray } from "../array/tensor.ts";
import { squareSize } from "./matrix.ts";

export interface UmapOptions {
  /** 2 by default. */
  readonly dimensions?: number;
  /** Neighbours whose distances are kept, 15 by default. */
  readonly neighbours?: number;
  readonly minDistance?: number;
  readonly seed?: number;
}

/** Points [n, dimensions]. Throws `InputError` for no matrix of distances, or too few points. */
export function umap(
  distances: FloatArray,
  { dimensions = 2, neighbours = 15, minDistance = 0.1, seed = 1 }: UmapOptions = {},
): Float64Array {
  const n = squareSize("umap", distances);
  if (n <= neighbours)
    throw new InputError(`umap: expected more points than ${neighbours} neighbours, got ${n}`);
  const draw = random(seed, "embedding", "umap");
  const map = new UMAP({
    nComponents: dimensions,
    nNeighbors: neighbours,
    minDist: minDistance,
    random: () => draw.uniform(),
  });
  const table = nearestInRows(distances, n, neighbours);
  map.setPrecomputedKNN(
    table,
    table.map((row, i) => row.map((j) => distances[i * n + j] as number)),
  );
  const rows = map.fit(Array.from({ length: n }, (_, i) => [i]));
  return Float64Array.from(rows.flat());
}

/** The k nearest of each row, itself first. */
function nearestInRows(distances: FloatArray, n: number, k: number): number[][] {
  return Array.from({ length: n }, (_, i) => {
    const row = distances.subarray(i * n, (i + 1) * n);
    const order = Array.from({ length: n }, (_, j) => j).sort(
      (a, b) => Number(b === i) - Number(a === i) || (row[a] as number) - (row[b] as number),
    );
    return order.slice(0, k);
  });
}
