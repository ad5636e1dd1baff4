/**
 * @file The graphs of the paper's solver, each for a fixed number of networks at once.
 *
 * Inputs are `weights` [P, W] and the ends of the curves, `from` and `to` [P, 1, d].
 */

import type { FloatType } from "../../../array/tensor.ts";
import type { Boundary } from "../../../curve/network.ts";
import {
  networkCurves,
  networkMatrices,
  networkRows,
  networkSize,
} from "../../../curve/network.ts";
import type { Graph } from "../../../graph/graph.ts";
import { bind, graph, inline } from "../../../graph/graph.ts";
import { full, input, max, mul, reduceSum, reshape, sqrt, sub, vjp } from "../../../graph/index.ts";
import type { Value } from "../../../graph/value.ts";
import type { Metric } from "../../../metric/metric.ts";
import { graphOf, squaredSpeed } from "../../../metric/metric.ts";

/** What the network is trained to make small: the length of Eq. 10, or the energy. */
export type Objective = "length" | "energy";

/** Below this a squared speed has no root that could be differentiated. */
const leastSquare = 1e-30;

function placeholders(count: number, metric: Metric) {
  const d = metric.dimension;
  const source = metric.kind === "map" ? metric.map : metric.tensor;
  const type = source.inputs.z?.type as FloatType;
  const weights = input("weights", type, [count, networkSize(d)]);
  const from = input("from", type, [count, 1, d]);
  const to = input("to", type, [count, 1, d]);
  return { d, type, weights, from, to, matrices: networkMatrices(weights, d) };
}

/** Points and velocities of the curves at some times, `z` and `velocity` [P, m, d]. */
export function pointsGraph(
  metric: Metric,
  count: number,
  times: Float64Array,
  boundary: Boundary,
): Graph {
  const name = `network points ${count} ${times[0]} ${times.length} ${boundary}`;
  return graphOf(metric, name, () => {
    const { weights, from, to, matrices } = placeholders(count, metric);
    const { z, velocity } = networkCurves(matrices, from, to, times, boundary);
    return graph([weights, from, to], { z, velocity });
  });
}

/**
 * The speed φ(t_i) of Eq. 11, [P, n], and the gradient of the objective by the weights, [P, W]:
 * of the mean speed (Eq. 10) or of the mean square.
 */
export function objectiveGraph(
  metric: Metric,
  count: number,
  times: Float64Array,
  boundary: Boundary,
  objective: Objective,
): Graph {
  const n = times.length;
  return graphOf(metric, `network ${objective} ${count} ${n} ${boundary}`, () => {
    const { d, weights, from, to, matrices } = placeholders(count, metric);
    const { z, velocity } = networkCurves(matrices, from, to, times, boundary);
    const rows = count * n;
    const square = inline(bind(squaredSpeedGraph(metric), { n: rows }), {
      z: reshape(z, [rows, d]),
      v: reshape(velocity, [rows, d]),
    }).square as Value;
    const squares = max(reshape(square, [count, n]), leastSquare);
    const speed = sqrt(squares);
    const made = objective === "length" ? speed : squares;
    // A metric may be more precise than its points.
    const gradient = vjp([made], matrices, [full(made.type, made.shape, 1 / n)]);
    return graph([weights, from, to], { speed, gradient: networkRows(gradient) });
  });
}

function squaredSpeedGraph(metric: Metric): Graph {
  return graphOf(metric, "squared speed", (z) => {
    const v = input("v", z.type, z.shape);
    return graph([z, v], { square: squaredSpeed(metric, z, v) });
  });
}

/**
 * Least squares against given points `target` [P, m, d]: the mean squared distance, [P, 1], and
 * its gradient by the weights, [P, W]. With the paper's boundary the network itself is fitted, so
 * that training begins with ẑ(0) - ẑ(1) near z0 - z1, away from the pole.
 */
export function fitGraph(
  metric: Metric,
  count: number,
  times: Float64Array,
  boundary: Boundary,
): Graph {
  const m = times.length;
  return graphOf(metric, `network fit ${count} ${m} ${boundary}`, () => {
    const { d, type, weights, from, to, matrices } = placeholders(count, metric);
    const target = input("target", type, [count, m, d]);
    const curves = networkCurves(matrices, from, to, times, boundary);
    const fitted = boundary === "paper" ? curves.raw : curves.z;
    const miss = sub(fitted, target);
    const error = reshape(mul(reduceSum(mul(miss, miss), [1, 2]), 1 / m), [count, 1]);
    const gradient = vjp([error], matrices, [full(type, error.shape, 1)]);
    return graph([weights, from, to, target], { error, gradient: networkRows(gradient) });
  });
}
