/**
 * @file How far decoded observations are from the nearest one that was seen: does a curve keep to
 * what the data know?
 *
 * |x - y|² = |x|² - 2 (x y - |y|²/2), so the nearest of all frames y is found by one product of
 * matrices. Both are taken relative to the mean of the frames, or float32 would cancel.
 */
import { InputError } from "../array/errors.ts";
import type { FloatArray, Tensor } from "../array/tensor.ts";
import { tensor } from "../array/tensor.ts";
import { runRows } from "../engine/blocks.ts";
import type { ProgramCache } from "../engine/cache.ts";
import type { Graph } from "../graph/graph.ts";
import { graph } from "../graph/graph.ts";
import { constant, input, matmul, reduceMax, sub } from "../graph/operators/index.ts";
import type { Decoder } from "../model/decoder.ts";
import type { Curve } from "./along.ts";
import { decodeAt, pointsAlong } from "./along.ts";

/** Frames [m, D] as a graph that finds the nearest; made once, used for any number of observations. */
export interface FrameSearch {
  readonly dataDimension: number;
  /** Input `x` [n, D], relative to the mean; output `score` [n], the greatest x y - |y|²/2. */
  readonly graph: Graph;
  /** Mean of the frames, [D]. */
  readonly mean: Float64Array;
}

/** Throws `InputError` where there is no frame. */
export function frameSearch({ shape, data }: Tensor<"float32" | "float64">): FrameSearch {
  const [m = 0, D = 0] = shape;
  if (shape.length !== 2 || m * D === 0)
    throw new InputError(`nearest frame: expected frames [m, D], got shape [${shape}]`);
  const mean = new Float64Array(D);
  for (let i = 0; i < data.length; i++)
    mean[i % D] = (mean[i % D] as number) + (data[i] as number) / m;
  const centred = Float32Array.from(data, (value, i) => value - (mean[i % D] as number));
  const half = Float32Array.from({ length: m }, (_, row) => {
    let square = 0;
    for (let k = 0; k < D; k++) square += (centred[row * D + k] as number) ** 2;
    return square / 2;
  });
  const x = input("x", "float32", ["n", D]);
  const products = matmul(x, constant(tensor("float32", [m, D], centred)), { transposeB: true });
  const score = reduceMax(sub(products, constant(tensor("float32", [m], half))), [1]);
  return { dataDimension: D, graph: graph([x], { score }), mean };
}

/** Rows at once: each meets every frame, and 1024 times 6616 products are 27 MB. */
const rowsAtOnce = 1024;

/**
 * Distance (Euclidean, in the units of the frames) from each observation [n, D] to the frame nearest
 * to it, [n]. Exact to about 1e-6 of the spread of the frames; where an observation is a frame
 * itself, to 1e-3 of it. Throws `InputError` for observations of another width.
 */
export async function nearestFrameDistances(
  cache: ProgramCache,
  { dataDimension: D, graph, mean }: FrameSearch,
  observations: FloatArray,
): Promise<Float64Array> {
  const n = observations.length / D;
  if (!Number.isInteger(n))
    throw new InputError(
      `nearest frame: expected observations of ${D} numbers, got ${observations.length} in all`,
    );
  const x = Float64Array.from(observations, (value, i) => value - (mean[i % D] as number));
  const distances = new Float64Array(n);
  for (let start = 0; start < n; start += rowsAtOnce) {
    const rows = x.subarray(start * D, (start + rowsAtOnce) * D);
    const { score } = await runRows(cache, graph, { x: rows });
    for (let i = 0; i < rows.length / D; i++) {
      let square = 0;
      for (let k = 0; k < D; k++) square += (rows[i * D + k] as number) ** 2;
      // Rounding may leave less than nothing.
      const left = square - 2 * ((score as Float64Array)[i] as number);
      distances[start + i] = Math.sqrt(Math.max(0, left));
    }
  }
  return distances;
}

/**
 * For each curve the mean over `count` points at equal parameter steps of the distance from what is
 * decoded there to the nearest frame. Frames and decoder in the same units: those of training.
 */
export async function meanFrameDistances(
  cache: ProgramCache,
  decoder: Decoder,
  search: FrameSearch,
  curves: readonly Curve[],
  count = 100,
): Promise<number[]> {
  const points = curves.flatMap((curve) => pointsAlong(curve, count));
  const decoded = await decodeAt(cache, decoder, points);
  const distances = await nearestFrameDistances(cache, search, decoded);
  return curves.map((_, i) => {
    const along = distances.subarray(i * count, (i + 1) * count);
    return along.reduce((sum, distance) => sum + distance, 0) / count;
  });
}
