/**
 * @file Curves through an engine: many curves in, a few numbers a segment out.
 *
 * Curves are packed one after another into rows and the rows into blocks of fixed sizes, whichever
 * pair, level or start they belong to; segments between two curves are computed and dropped.
 */

import type { FloatArray, FloatType } from "../array/tensor.ts";
import { tensorFrom } from "../array/tensor.ts";
import { cut, fillBlock, runRows } from "../engine/blocks.ts";
import type { ProgramCache } from "../engine/cache.ts";
import { diagnose } from "../engine/diagnose.ts";
import type { Graph } from "../graph/graph.ts";
import { bind } from "../graph/graph.ts";
import type { Value } from "../graph/value.ts";
import type { MapMetric, Metric } from "../metric/metric.ts";
import { speedGraph, tensorGraph } from "../metric/metric.ts";
import type { LocalModel } from "./energy.ts";
import {
  assemble,
  chordGraph,
  chordLengthGraph,
  curvatureGraph,
  segmentWidth,
  tensorSegmentGraph,
} from "./energy.ts";
import type { Nodes } from "./polyline.ts";

export interface Evaluator {
  readonly metric: Metric;
  readonly precision: FloatType;
  readonly cache: ProgramCache;
  /** Energy, gradient and Gauss-Newton matrix of each curve. */
  localModels(curves: readonly Nodes[]): Promise<LocalModel[]>;
  /** |f(z_{i+1}) - f(z_i)| for each segment of each curve. Maps only. */
  chordLengths(curves: readonly Nodes[]): Promise<Float64Array[]>;
  /** Second differences of f contracted with its Hessians, [N - 1, d, d] a curve. Maps only. */
  curvatures(curves: readonly Nodes[]): Promise<Float64Array[]>;
  /** sqrt(v^T G(z) v), row by row of z and v: [n, d]. */
  speeds(z: Float64Array, v: Float64Array): Promise<Float64Array>;
  /** G(z), [n, d, d]. */
  tensors(z: Float64Array): Promise<Float64Array>;
  /** Which node of the graph is not finite on a curve, in words; null where all are. */
  diagnosis(curve: Nodes): Promise<string | null>;
  /** Points in data space, [n, D]. Maps only. */
  images(z: Float64Array): Promise<Float64Array>;
}

/** Rows of a block where a graph holds second derivatives: large ones take gigabytes. */
const secondOrderSizes = [16, 64, 256] as const;

export function evaluator(cache: ProgramCache, metric: Metric, signal?: AbortSignal): Evaluator {
  const d = metric.dimension;
  const source = metric.kind === "map" ? metric.map : metric.tensor;
  const map = (): MapMetric => {
    if (metric.kind === "map") return metric;
    throw new Error(`the metric ${metric.name} is given as a tensor: it has no map`);
  };
  const segments = (curves: readonly Nodes[], lost: number, graphFor: (n: number) => Graph) =>
    runPacked(cache, curves, d, lost, graphFor, signal);

  return {
    metric,
    cache,
    precision: (source.inputs.z as Value).type as FloatType,
    async localModels(curves) {
      const terms =
        metric.kind === "map"
          ? await segments(curves, 1, (n) => chordGraph(metric, n))
          : await midpointTerms(curves);
      return curves.map((nodes, i) => assemble(metric, nodes, terms[i] as Float64Array));
    },
    async chordLengths(curves) {
      const squares = await segments(curves, 1, (n) => chordLengthGraph(map(), n));
      return squares.map((lengths) => lengths.map((square) => Math.sqrt(square)));
    },
    curvatures: (curves) => segments(curves, 2, (n) => curvatureGraph(map(), n)),
    async speeds(z, v) {
      return (await runRows(cache, speedGraph(metric), { z, v }, { signal })).speed as Float64Array;
    },
    async tensors(z) {
      return (await runRows(cache, tensorGraph(metric), { z }, { signal })).G as Float64Array;
    },
    diagnosis(curve) {
      const n = curve.length / d;
      const { type } = source.inputs.z as Value;
      const z = tensorFrom(type as FloatType, [n, d], curve);
      return diagnose(cache.engine, bind(source, { n }), { z });
    },
    async images(z) {
      return (await runRows(cache, map().map, { z }, { signal })).x as Float64Array;
    },
  };

  async function midpointTerms(curves: readonly Nodes[]): Promise<Float64Array[]> {
    if (metric.kind === "map") throw new Error("midpoints are for metrics given as tensors");
    const counts = curves.map((nodes) => nodes.length / d - 1);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const z = new Float64Array(total * d);
    const u = new Float64Array(total * d);
    let row = 0;
    for (const nodes of curves)
      for (let i = 0; i < nodes.length - d; i++) {
        const [a, b] = [nodes[i] as number, nodes[i + d] as number];
        z[row] = (a + b) / 2;
        u[row++] = b - a;
      }
    const graph = tensorSegmentGraph(metric);
    const options = { signal, sizes: secondOrderSizes };
    const terms = (await runRows(cache, graph, { z, u }, options)).terms as Float64Array;
    const width = segmentWidth(metric);
    let from = 0;
    return counts.map((count) => {
      const part = terms.subarray(from * width, (from + count) * width);
      from += count;
      return part;
    });
  }
}

/**
 * Runs a graph that turns n consecutive rows into n - lost results over packed curves, and answers
 * the results of each curve.
 */
async function runPacked(
  cache: ProgramCache,
  curves: readonly Nodes[],
  d: number,
  lost: number,
  graphFor: (n: number) => Graph,
  signal?: AbortSignal,
): Promise<Float64Array[]> {
  const total = curves.reduce((sum, nodes) => sum + nodes.length / d, 0);
  const rows = new Float64Array(total * d);
  let at = 0;
  for (const nodes of curves) {
    rows.set(nodes, at);
    at += nodes.length;
  }
  let results = new Float64Array(0);
  let width = 0;
  for (const block of cut(total, lost)) {
    signal?.throwIfAborted();
    const program = await cache.program(graphFor(block.size), block.size);
    const { type } = program.graph.inputs.z as Value;
    const z = fillBlock(type as FloatType, [block.size, d], rows, d, block);
    const [output] = Object.values(await program.run({ z }));
    const data = output?.data as FloatArray;
    if (width === 0) {
      width = data.length / (block.size - lost);
      results = new Float64Array((total - lost) * width);
    }
    results.set(data.subarray(0, (block.rows - lost) * width), block.start * width);
  }
  let start = 0;
  return curves.map((nodes) => {
    const count = nodes.length / d;
    const part = results.subarray(start * width, (start + count - lost) * width);
    start += count;
    return part;
  });
}
