/** @file Many curve networks side by side: their numbers, and how they go through programs. */
import type { FloatArray, FloatType, Tensor } from "../../../array/tensor.ts";
import { sizeOf, zeros } from "../../../array/tensor.ts";
import { cut, fillBlock } from "../../../engine/blocks.ts";
import type { ProgramCache } from "../../../engine/cache.ts";
import type { Graph } from "../../../graph/graph.ts";
import type { AdamState } from "../../../model/adam.ts";

/** Points of all networks together that a program takes at once: more need memory and no less time. */
const pointsAtOnce = 2048;

/** Numbers of networks that programs are made for, when each has so many points. */
function batchSizes(points: number): number[] {
  const sizes = [1];
  for (let size = 2; size * points <= pointsAtOnce; size *= 2) sizes.push(size);
  return sizes;
}

/** P networks with the ends of their curves; everything is [P, …], flat. */
export interface Networks {
  readonly count: number;
  /** z0 and z1, [P, d]. */
  readonly from: Float64Array;
  readonly to: Float64Array;
  /** Weights and their moments, [P, W] each. */
  readonly adam: AdamState<FloatArray>;
}

/** Networks with given weights, which have not moved yet. */
export function freshNetworks(
  { count, from, to }: Pick<Networks, "count" | "from" | "to">,
  weights: FloatArray,
): Networks {
  const zeros = (): FloatArray => weights.slice().fill(0);
  return { count, from, to, adam: { parameters: weights, first: zeros(), second: zeros() } };
}

/** The networks of a list, in its order. */
export function someOf({ count, from, to, adam }: Networks, list: readonly number[]): Networks {
  const some = <A extends FloatArray>(all: A): A => rowsOf(all, count, list);
  return {
    count: list.length,
    from: some(from),
    to: some(to),
    adam: {
      parameters: some(adam.parameters),
      first: some(adam.first),
      second: some(adam.second),
    },
  };
}

/** Some rows of an array that has `count`. */
export function rowsOf<A extends FloatArray>(all: A, count: number, list: readonly number[]): A {
  const width = all.length / count;
  const some = all.slice(0, list.length * width) as A;
  list.forEach((row, i) => {
    some.set(all.subarray(row * width, (row + 1) * width), i * width);
  });
  return some;
}

/** A graph for any number of networks, each at so many points. */
export interface NetworkGraph {
  readonly points: number;
  graphFor(networks: number): Graph;
}

/**
 * Runs a graph over the networks. It takes `weights`, `from`, `to` and what else is given in
 * `more`, [P, …] each; so are its outputs.
 */
export async function runNetworks<Outputs extends string>(
  cache: ProgramCache,
  { count, from, to, adam }: Networks,
  { points, graphFor }: NetworkGraph,
  more: Readonly<Record<string, FloatArray>> = {},
  signal?: AbortSignal,
): Promise<Readonly<Record<Outputs, FloatArray>>> {
  const inputs = { weights: adam.parameters, from, to, ...more };
  const results: Record<string, FloatArray> = {};
  for (const block of cut(count, 0, batchSizes(points))) {
    signal?.throwIfAborted();
    const program = await cache.program(graphFor(block.size), block.size);
    const feeds: Record<string, Tensor> = {};
    for (const [name, { type, shape }] of Object.entries(program.graph.inputs)) {
      const rows = inputs[name as keyof typeof inputs];
      const width = rows.length / count;
      feeds[name] = fillBlock(type as FloatType, shape as number[], rows, width, block);
    }
    for (const [name, { type, shape, data }] of Object.entries(await program.run(feeds))) {
      const width = sizeOf(shape) / block.size;
      results[name] ??= zeros<FloatType>(type as FloatType, [count * width]).data;
      const rows = (data as FloatArray).subarray(0, block.rows * width);
      results[name].set(rows, block.start * width);
    }
  }
  return results as Record<Outputs, FloatArray>;
}
