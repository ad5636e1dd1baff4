/**
 * @file The density of volume sqrt(det G), and the orthogonal columns it is computed from.
 *
 * For a map Gram and Schmidt's orthogonal parts are taken of the Jacobian inside the graph, so
 * nothing cancels where G is nearly singular; a tensor is factored in float64 outside.
 */
import { cholesky } from "../array/linear.ts";
import { splitRows } from "../array/rows.ts";
import type { RowOptions } from "../engine/blocks.ts";
import { runRows } from "../engine/blocks.ts";
import type { ProgramCache } from "../engine/cache.ts";
import type { Graph } from "../graph/graph.ts";
import { graph, inline } from "../graph/graph.ts";
import { add, concat, div, log, max, mul, reduceSum, scalar, sub } from "../graph/index.ts";
import type { Value } from "../graph/value.ts";
import type { Metric } from "./metric.ts";
import { axis, derivative, graphOf, tensorGraph, unit } from "./metric.ts";

/** The part of a column [n, D] orthogonal to those before, and its square [n, 1]. */
export interface OrthogonalPart {
  readonly part: Value;
  readonly square: Value;
}

/** The smallest normal float32: keeps quotients and logarithms finite where a column is zero. */
export const smallestSquare = 1.2e-38;

export const rowDot = (a: Value, b: Value): Value => reduceSum(mul(a, b), [1], true);

/** What is left of a vector [n, D] when its share of each part is taken off. */
export function withoutParts(vector: Value, parts: readonly OrthogonalPart[]): Value {
  return parts.reduce(
    (rest, { part, square }) => sub(rest, mul(part, div(rowDot(rest, part), square))),
    vector,
  );
}

/** Columns [n, D] made orthogonal one after another (Gram and Schmidt, modified). */
export function orthogonalParts(columns: readonly Value[]): OrthogonalPart[] {
  const parts: OrthogonalPart[] = [];
  for (const column of columns) {
    const part = withoutParts(column, parts);
    parts.push({ part, square: max(rowDot(part, part), scalar(part.type, smallestSquare)) });
  }
  return parts;
}

/** Half the sum of the logarithms of the squares, [n, 1]: ln sqrt(det). */
export function logVolume(parts: readonly OrthogonalPart[]): Value {
  const logs = parts.map(({ square }) => mul(log(square), 0.5));
  return logs.length > 1 ? logs.reduce(add) : concat(logs, 1);
}

/** ln sqrt(det G) at points [n, d]; -Infinity or a very small number where G is singular. */
export function logDensity(
  cache: ProgramCache,
  metric: Metric,
  z: Float64Array,
  signal?: AbortSignal,
): Promise<Float64Array> {
  const d = metric.dimension;
  const axes = Array.from({ length: d }, (_, k) => unit(d, k));
  return logDensityAlong(cache, metric, axes, z, { signal });
}

/** The same of G restricted to directions of latent space: ln sqrt(det A^T G A). */
export async function logDensityAlong(
  cache: ProgramCache,
  metric: Metric,
  axes: readonly (readonly number[])[],
  z: Float64Array,
  options: RowOptions = {},
): Promise<Float64Array> {
  if (metric.kind === "map")
    return (await runRows(cache, densityGraph(metric, axes), { z }, options)).logMF as Float64Array;
  const d = metric.dimension;
  const { G } = await runRows(cache, tensorGraph(metric), { z }, options);
  return Float64Array.from(splitRows(G as Float64Array, d * d), (tensor) => {
    if (tensor.some(Number.isNaN)) return Number.NaN;
    const factor = restricted(tensor, axes);
    if (!cholesky(factor, axes.length)) return Number.NEGATIVE_INFINITY;
    let sum = 0;
    for (let k = 0; k < axes.length; k++) sum += Math.log(factor[k * axes.length + k] as number);
    return sum;
  });
}

function densityGraph(
  metric: Metric & { readonly kind: "map" },
  axes: readonly (readonly number[])[],
): Graph {
  return graphOf(metric, `density ${axes.join(" ")}`, (z) => {
    const x = inline(metric.map, { z }).x as Value;
    const columns = axes.map((direction) => derivative(x, z, axis(z, direction)));
    return graph([z], { logMF: logVolume(orthogonalParts(columns)) });
  });
}

/** A^T G A of one tensor G [d, d] and directions A [d, k]. */
export function restricted(G: Float64Array, axes: readonly (readonly number[])[]): Float64Array {
  const d = Math.sqrt(G.length);
  return Float64Array.from({ length: axes.length ** 2 }, (_, at) => {
    const a = axes[Math.floor(at / axes.length)] as readonly number[];
    const b = axes[at % axes.length] as readonly number[];
    let sum = 0;
    for (let k = 0; k < d; k++)
      for (let l = 0; l < d; l++)
        sum += (a[k] as number) * (G[k * d + l] as number) * (b[l] as number);
    return sum;
  });
}
