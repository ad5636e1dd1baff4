/**
 * @file What a metric is, and the graphs that measure with it.
 *
 * Two kinds: induced by a map (the pull-back metric G = J^T J of a decoder's mean, Eq. 7), or
 * given as a tensor G(z). Everything that follows takes either.
 */

import { tensorFrom } from "../array/tensor.ts";
import type { Graph } from "../graph/graph.ts";
import { graph, inline } from "../graph/graph.ts";
import {
  cast,
  concat,
  constant,
  expand,
  input,
  jvp,
  matmul,
  max,
  mul,
  reduceSum,
  reshape,
  sqrt,
  zerosLike,
} from "../graph/index.ts";
import type { Value } from "../graph/value.ts";
import type { Decoder } from "../model/decoder.ts";

export type Metric = MapMetric | TensorMetric;

/** Induced by a map: input z [n, d], output x [n, D]. */
export interface MapMetric {
  readonly kind: "map";
  readonly name: string;
  readonly map: Graph;
  readonly dimension: number;
  /** The map has kinks: its second derivatives say nothing (App. B). */
  readonly kinked: boolean;
}

/**
 * Given point by point: input z [n, d], output G [n, d, d], symmetric and positive. G may be float64
 * where z is float32: a tensor with both large and tiny eigenvalues needs the digits.
 */
export interface TensorMetric {
  readonly kind: "tensor";
  readonly name: string;
  readonly tensor: Graph;
  readonly dimension: number;
  readonly kinked: boolean;
  /** What lengths are stated in, where this is a metric with something added to keep curves in place. */
  readonly ruler?: TensorMetric;
}

/** The pull-back metric of the decoder's mean, G = J^T J (Eq. 7, 8). */
export function pullback(decoder: Decoder): MapMetric {
  const { z, mean } = { ...decoder.graph.inputs, ...decoder.graph.outputs } as Record<
    string,
    Value
  >;
  return {
    kind: "map",
    name: "pullback",
    map: graph([z as Value], { x: mean as Value }),
    dimension: decoder.latentDimension,
    kinked: decoder.kinked,
  };
}

/** A metric from its tensor, for what no map induces. */
export function tensorMetric(name: string, tensor: Graph): TensorMetric {
  const dimension = tensor.inputs.z?.shape[1] as number;
  return { kind: "tensor", name, tensor, dimension, kinked: false };
}

/** Map and its derivative along each latent axis: x [n, D] and d columns of J, each [n, D]. */
export function mapWithJacobian(map: Graph, z: Value): { x: Value; columns: Value[] } {
  const x = inline(map, { z }).x as Value;
  const d = z.shape[1] as number;
  const columns = Array.from({ length: d }, (_, k) => derivative(x, z, axis(z, unit(d, k))));
  return { x, columns };
}

/** J v for a direction v that is the same in all rows or given row by row. */
export function derivative(x: Value, z: Value, direction: Value): Value {
  const [tangent] = jvp([x], [z], [direction]);
  return tangent ?? mul(x, 0);
}

/** A fixed direction, in every row. */
export function axis(z: Value, direction: readonly number[]): Value {
  return expand(constant(tensorFrom(z.type, [direction.length], direction)), z.shape);
}

export function unit(d: number, k: number): number[] {
  return Array.from({ length: d }, (_, i) => (i === k ? 1 : 0));
}

const cached = new WeakMap<Metric, Map<string, Graph>>();

/** A graph that belongs to a metric, built once. */
export function graphOf(metric: Metric, name: string, build: (z: Value) => Graph): Graph {
  const graphs = cached.get(metric) ?? new Map<string, Graph>();
  cached.set(metric, graphs);
  const known = graphs.get(name);
  if (known) return known;
  const source = metric.kind === "map" ? metric.map : metric.tensor;
  const built = build(source.inputs.z as Value);
  graphs.set(name, built);
  return built;
}

/** z [n, d] to the metric tensor G [n, d, d]. */
export function tensorGraph(metric: Metric): Graph {
  return graphOf(metric, "tensor", (z) => {
    if (metric.kind === "tensor") return metric.tensor;
    const { columns } = mapWithJacobian(metric.map, z);
    const d = columns.length;
    const entries = columns.flatMap((a, k) =>
      columns.map((b, l) =>
        k <= l ? reduceSum(mul(a, b), [1], true) : reduceSum(mul(b, a), [1], true),
      ),
    );
    return graph([z], { G: reshape(concat(entries, 1), ["n", d, d]) });
  });
}

/** z [n, d] and v [n, d] to the speed sqrt(v^T G v) = |J v| [n, 1] (Eq. 6, 7). */
export function speedGraph(metric: Metric): Graph {
  return graphOf(metric, "speed", (z) => {
    const v = input("v", z.type, z.shape);
    return graph([z, v], { speed: sqrt(squaredSpeed(metric, z, v)) });
  });
}

/** v^T G(z) v as [n, 1]. */
export function squaredSpeed(metric: Metric, z: Value, v: Value): Value {
  if (metric.kind === "map") {
    const moved = derivative(inline(metric.map, { z }).x as Value, z, v);
    return reduceSum(mul(moved, moved), [1], true);
  }
  const d = metric.dimension;
  const G = inline(metric.tensor, { z }).G as Value;
  const along = cast(v, G.type);
  const row = reshape(along, ["n", 1, d]);
  const square = reduceSum(mul(reshape(matmul(row, G), ["n", d]), along), [1], true);
  // Rounding may take a direction that is almost free below zero.
  return max(square, zerosLike(square));
}
