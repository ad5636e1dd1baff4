/**
 * @file The density of volume sqrt(det G), and the orthogonal columns it is computed from.
 *
 * For a map Gram and Schmidt's orthogonal parts are taken of the Jacobian inside the graph, so
 * nothing cancels where G is nearly singular; a tensor is factored in float64 outside.
 */
import { cholesky } from "../array/linear.ts";
import { splitRows } from "../array/rows.ts";
import { runRows } from "../engine/blocks.ts";
import type { ProgramCache } from "../engine/cache.ts";
import type { Graph } from "../graph/graph.ts";
import { graph } from "../graph/graph.ts";
import { add, concat, div, log, max, mul, reduceSum, scalar, sub } from "../graph/index.ts";
import type { Value } from "../graph/value.ts";
import type { Metric } from "./metric.ts";
import { graphOf, mapWithJacobian, tensorGraph } from "./metric.ts";

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
export async function logDensity(
  cache: ProgramCache,
  metric: Metric,
  z: Float64Array,
  signal?: AbortSignal,
): Promise<Float64Array> {
  if (metric.kind === "map")
    return (await runRows(cache, densityGraph(metric), { z }, { signal })).logMF as Float64Array;
  const d = metric.dimension;
  const { G } = await runRows(cache, tensorGraph(metric), { z }, { signal });
  return Float64Array.from(splitRows(G as Float64Array, d * d), (tensor) => {
    if (tensor.some(Number.isNaN)) return Number.NaN;
    const factor = tensor.slice();
    if (!cholesky(factor, d)) return Number.NEGATIVE_INFINITY;
    let sum = 0;
    for (let k = 0; k < d; k++) sum += Math.log(factor[k * d + k] as number);
    return sum;
  });
}

function densityGraph(metric: Metric & { readonly kind: "map" }): Graph {
  return graphOf(metric, "density", (z) => {
    const { columns } = mapWithJacobian(metric.map, z);
    return graph([z], { logMF: logVolume(orthogonalParts(columns)) });
  });
}
