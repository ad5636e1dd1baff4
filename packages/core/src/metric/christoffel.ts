/**
 * @file The Levi-Civita connection of a metric, contracted with given vectors inside the graph.
 *
 * What geodesics, transport and curvature need is never the array of d^3 Christoffel symbols but
 * Gamma_k(u, w) of the first kind for a few pairs of vectors. A map gives them as
 * J^T d2f[u, w] by one second directional derivative; a tensor as
 * (dG[u] w + dG[w] u - grad(u^T G w)) / 2 by forward and backward derivatives.
 */
import { InputError } from "../array/errors.ts";
import type { Graph } from "../graph/graph.ts";
import { graph, inline } from "../graph/graph.ts";
import {
  add,
  cast,
  full,
  input,
  jvp,
  matmul,
  mul,
  reshape,
  slice,
  stack,
  sub,
  vjp,
  zerosLike,
} from "../graph/index.ts";
import type { Value } from "../graph/value.ts";
import type { MapMetric, Metric, TensorMetric } from "./metric.ts";
import { axis, derivative, graphOf, mapWithJacobian, unit } from "./metric.ts";

type VectorPair = readonly [u: Value, w: Value];

export interface Connection {
  /** [n, d, d] */
  readonly G: Value;
  /** Gamma_k(u, w), [n, pairs, d]. */
  readonly lowered: Value;
}

/** G and Gamma_k(u, w) at z [n, d] for pairs of vectors, each [n, d]. */
export function connectionAt(metric: Metric, z: Value, pairs: readonly VectorPair[]): Connection {
  return metric.kind === "map" ? ofMap(metric, z, pairs) : ofTensor(metric, z, pairs);
}

function ofMap({ map }: MapMetric, z: Value, pairs: readonly VectorPair[]): Connection {
  const { x, columns } = mapWithJacobian(map, z);
  const d = columns.length;
  const second = pairs.map(([u, w]) => derivative(derivative(x, z, u), z, w));
  // One batched product for all, so that nothing of the size of the data leaves the graph.
  const products = matmul(stack([...columns, ...second], 1), stack(columns, 1), {
    transposeB: true,
  });
  return { G: slice(products, 1, 0, d), lowered: slice(products, 1, d, d + pairs.length) };
}

function ofTensor({ tensor }: TensorMetric, z: Value, pairs: readonly VectorPair[]): Connection {
  const G = inline(tensor, { z }).G as Value;
  const d = G.shape[1] as number;
  const times = (matrix: Value, vector: Value): Value =>
    reshape(matmul(reshape(cast(vector, G.type), ["n", 1, d]), matrix), ["n", d]);
  const along = (u: Value): Value => jvp([G], [z], [u])[0] ?? zerosLike(G);
  const one = full(G.type, ["n", d], 1);
  const lowered = pairs.map(([u, w]) => {
    const [slope] = vjp([mul(times(G, u), cast(w, G.type))], [z], [one]) as [Value];
    const turning = add(times(along(u), w), times(along(w), u));
    return mul(0.5, sub(turning, cast(slope, G.type)));
  });
  return { G, lowered: stack(lowered, 1) };
}

/** z and v, each [n, d], to G [n, d, d] and Gamma_k(v, v) [n, 1, d]: what a geodesic turns by. */
export function geodesicGraph(metric: Metric): Graph {
  return graphOf(metric, "geodesic", (z) => {
    const v = input("v", z.type, z.shape);
    return graph([z, v], { ...connectionAt(metric, z, [[v, v]]) });
  });
}

/** z and v, each [n, d], to G [n, d, d] and row l Gamma_k(v, e_l) [n, d, d]: what vectors turn by. */
export function transportGraph(metric: Metric): Graph {
  return graphOf(metric, "transport", (z) => {
    const v = input("v", z.type, z.shape);
    const d = metric.dimension;
    const pairs = Array.from({ length: d }, (_, l) => [v, axis(z, unit(d, l))] as const);
    return graph([z, v], { ...connectionAt(metric, z, pairs) });
  });
}

/** Throws `InputError` for a decoder with kinks, whose second derivatives say nothing (App. B). */
export function requireSmooth(what: string, { kinked, name }: Metric): void {
  if (kinked)
    throw new InputError(
      `${what}: expected a smooth decoder, got one with kinks (${name}): its second derivatives say nothing; train with tanh or softplus`,
    );
}
