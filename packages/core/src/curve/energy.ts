/**
 * @file The energy of a curve as a local model: value, gradient and a block-tridiagonal matrix.
 *
 * For a map it is the chord energy E = sum |f(z_{i+1}) - f(z_i)|^2 with its Gauss-Newton matrix;
 * for a tensor the midpoint rule E = sum u_i^T G(m_i) u_i with true gradients and the convex part of
 * each segment's true Hessian. Both are sums over segments, so graphs compute segments, whichever
 * curve they belong to, and `assemble` adds them. Gradient and matrix are halves of the derivatives
 * of E.
 */
import { convexPart } from "../array/eigen.ts";
import type { BlockTridiagonal } from "../array/linear.ts";
import type { Graph } from "../graph/graph.ts";
import { bind, graph, inline } from "../graph/graph.ts";
import {
  add,
  cast,
  concat,
  input,
  jvp,
  matmul,
  mul,
  reduceSum,
  reshape,
  slice,
  stack,
  sub,
  vjp,
  zerosLike,
} from "../graph/index.ts";
import type { Value } from "../graph/value.ts";
import type { MapMetric, Metric, TensorMetric } from "../metric/metric.ts";
import { axis, graphOf, mapWithJacobian, unit } from "../metric/metric.ts";
import type { Nodes } from "./polyline.ts";

export interface LocalModel {
  /** E, for a map the sum of squared chords. */
  readonly energy: number;
  /** Energy of each segment, [N]. */
  readonly segments: Float64Array;
  /** Half the gradient by the free nodes, [N - 1, d]. */
  readonly gradient: Float64Array;
  /** Half a matrix over the free nodes that is never negative: Gauss-Newton's, or a convex part. */
  readonly matrix: BlockTridiagonal;
  /**
   * Half the full Hessian, Newton's matrix, which need not be positive: for a tensor, and for a smooth
   * map where it was asked for.
   */
  readonly hessian?: BlockTridiagonal;
  /** The matrix of a metric that does not change along the curve; for a tensor. */
  readonly frozen?: BlockTridiagonal;
}

/** Half the full Hessian of the chord energy from the curvature of the map along the curve. */
export function fullHessian(matrix: BlockTridiagonal, curvature: Float64Array): BlockTridiagonal {
  const diagonal = matrix.diagonal.map((entry, at) => entry - (curvature[at] as number));
  return { ...matrix, diagonal };
}

/**
 * Segments between consecutive rows, all products that a local model needs in one batched MatMul:
 * z [n, d] to [n - 1, d + 1, 2 d + 1], rows J_i and the chord c = f_{i+1} - f_i, columns J_{i+1},
 * J_i and c. D-sized things stay inside.
 */
export function chordGraph(metric: MapMetric, n: number): Graph {
  return graphOf(metric, `chords ${n}`, () => {
    const map = bind(metric.map, { n });
    const z = map.inputs.z as Value;
    const { x, columns } = mapWithJacobian(map, z);
    const here = columns.map((column) => slice(column, 0, 0, n - 1));
    const next = columns.map((column) => slice(column, 0, 1, n));
    const chord = sub(slice(x, 0, 1, n), slice(x, 0, 0, n - 1));
    const rows = stack([...here, chord], 1);
    const products = matmul(rows, stack([...next, ...here, chord], 1), { transposeB: true });
    return graph([z], { products });
  });
}

/** Squared chords alone: z [n, d] to [n - 1, 1]. */
export function chordLengthGraph(metric: MapMetric, n: number): Graph {
  return graphOf(metric, `chord lengths ${n}`, () => {
    const map = bind(metric.map, { n });
    const { x } = map.outputs as { x: Value };
    const chord = sub(slice(x, 0, 1, n), slice(x, 0, 0, n - 1));
    const rows = reshape(chord, [n - 1, 1, chord.shape[1] as number]);
    const squares = matmul(rows, rows, { transposeB: true });
    return graph([map.inputs.z as Value], { squares });
  });
}

/**
 * One segment a row, for a tensor: middle m [n, d] and step u [n, d] to half the gradient and half
 * the Hessian of e = u^T G(m) u. In order: G u, e' by m, G, (G u)' by m, e'' by m: [n, 2 d + 3 d d].
 * Forwards throughout, because second derivatives share what first ones need.
 */
export function tensorSegmentGraph(metric: TensorMetric): Graph {
  return graphOf(metric, "segments", (m) => {
    const d = metric.dimension;
    const u = input("u", m.type, m.shape);
    const G = inline(metric.tensor, { z: m }).G as Value;
    const step = cast(u, G.type);
    const Gu = reshape(matmul(reshape(step, ["n", 1, d]), G), ["n", d]);
    const e = reduceSum(mul(Gu, step), [1], true);
    const along = (value: Value, k: number): Value =>
      jvp([value], [m], [axis(m, unit(d, k))])[0] ?? zerosLike(value);
    const each = <T>(f: (k: number) => T): T[] => Array.from({ length: d }, (_, k) => f(k));
    const slopes = each((k) => along(e, k));
    const bends = each((k) =>
      each((l) => along(slopes[Math.min(k, l)] as Value, Math.max(k, l))),
    ).flat();
    // Rows are entries of G u, columns directions of m.
    const turns = reshape(
      stack(
        each((k) => along(Gu, k)),
        2,
      ),
      ["n", d * d],
    );
    const terms = concat([Gu, ...slopes, reshape(G, ["n", d * d]), turns, ...bends], 1);
    return graph([m, u], { terms });
  });
}

/** Numbers a segment has in the output of its graph. */
export function segmentWidth(metric: Metric): number {
  const d = metric.dimension;
  return metric.kind === "map" ? (d + 1) * (2 * d + 1) : 2 * d + 3 * d * d;
}

/** The local model of one curve from the numbers of its segments. */
export function assemble(metric: Metric, nodes: Nodes, terms: Float64Array): LocalModel {
  const d = metric.dimension;
  const free = nodes.length / d - 2;
  const zeros = (): BlockTridiagonal => ({
    d,
    diagonal: new Float64Array(free * d * d),
    above: new Float64Array(Math.max(0, free - 1) * d * d),
  });
  const model = {
    energy: 0,
    segments: new Float64Array(free + 1),
    gradient: new Float64Array(free * d),
    matrix: zeros(),
    ...(metric.kind === "tensor" && { frozen: zeros(), hessian: zeros() }),
  };
  if (metric.kind === "map") addChords(d, terms, model);
  else addMidpoints(d, nodes, terms, model);
  for (const segment of model.segments) model.energy += segment;
  return model;
}

type Sums = { -readonly [K in keyof LocalModel]: LocalModel[K] };

/** g_i = J_i^T (c_{i-1} - c_i), D_i = 2 J_i^T J_i, O_i = -J_i^T J_{i+1}. */
function addChords(d: number, terms: Float64Array, { segments, gradient, matrix }: Sums): void {
  const columns = 2 * d + 1;
  const width = (d + 1) * columns;
  const free = segments.length - 1;
  for (let i = 0; i <= free; i++) {
    const at = (row: number, column: number): number =>
      terms[i * width + row * columns + column] as number;
    segments[i] = at(d, 2 * d);
    // Node i + 1 is free node i here: the segment's first end is free node i - 1.
    for (let k = 0; k < d; k++) {
      if (i > 0) {
        const g = (i - 1) * d + k;
        gradient[g] = (gradient[g] as number) - at(k, 2 * d);
      }
      if (i < free) gradient[i * d + k] = (gradient[i * d + k] as number) + at(d, k);
      for (let l = 0; l < d; l++) {
        if (i > 0) matrix.diagonal[((i - 1) * d + k) * d + l] = 2 * at(k, d + l);
        if (i > 0 && i < free) matrix.above[((i - 1) * d + k) * d + l] = -at(k, l);
      }
    }
  }
}

/**
 * Half gradients -+ G u + slope / 4 at the two ends, and half the Hessian by them, less what is not
 * convex in each segment: curvature of the metric counts, and every step still goes downhill.
 */
function addMidpoints(
  d: number,
  nodes: Nodes,
  terms: Float64Array,
  { segments, gradient, matrix, frozen, hessian }: Sums,
): void {
  const width = 2 * d + 3 * d * d;
  const free = segments.length - 1;
  const block = new Float64Array(4 * d * d);
  for (let i = 0; i <= free; i++) {
    const at = i * width;
    const term = (j: number): number => terms[at + j] as number;
    for (let k = 0; k < d; k++) {
      const u = (nodes[(i + 1) * d + k] as number) - (nodes[i * d + k] as number);
      segments[i] = (segments[i] as number) + u * term(k);
      for (const [node, sign] of [
        [i - 1, -1],
        [i, 1],
      ] as const) {
        if (node < 0 || node >= free) continue;
        const g = node * d + k;
        gradient[g] = (gradient[g] as number) + sign * term(k) + term(d + k) / 4;
      }
    }
    if (frozen) {
      fillFrozen(d, terms, at + 2 * d, block);
      addBlocks(d, i, free, block, frozen);
    }
    fillHessian(d, terms, at + 2 * d, block);
    if (hessian) addBlocks(d, i, free, block, hessian);
    if (!convexPart(block, 2 * d)) continue;
    addBlocks(d, i, free, block, matrix);
  }
}

/** [G, -G; -G, G]: half the Hessian of u^T G u by the two ends where G does not change. */
function fillFrozen(d: number, terms: Float64Array, at: number, hessian: Float64Array): void {
  for (let k = 0; k < 2 * d; k++)
    for (let l = 0; l < 2 * d; l++) {
      const entry = terms[at + (k % d) * d + (l % d)] as number;
      hessian[k * 2 * d + l] = k < d === l < d ? entry : -entry;
    }
}

/** Half the Hessian of a segment by its two ends, [2 d, 2 d], from G, (G u)' and e''. */
function fillHessian(d: number, terms: Float64Array, at: number, hessian: Float64Array): void {
  const [turns, bends] = [at + d * d, at + 2 * d * d];
  for (let k = 0; k < d; k++)
    for (let l = 0; l < d; l++) {
      const entry = k * d + l;
      const [steps, kl, lk, bend] = [
        terms[at + entry] as number,
        terms[turns + entry] as number,
        terms[turns + l * d + k] as number,
        (terms[bends + entry] as number) / 8,
      ];
      // By the ends: m = (a + b) / 2 and u = b - a.
      hessian[k * 2 * d + l] = bend - (kl + lk) / 2 + steps;
      hessian[(k + d) * 2 * d + l + d] = bend + (kl + lk) / 2 + steps;
      hessian[k * 2 * d + l + d] = bend + (lk - kl) / 2 - steps;
      hessian[(l + d) * 2 * d + k] = bend + (lk - kl) / 2 - steps;
    }
}

/** Adds a segment's blocks to those of the curve; ends of the curve are not free. */
function addBlocks(
  d: number,
  i: number,
  free: number,
  hessian: Float64Array,
  { diagonal, above }: LocalModel["matrix"],
): void {
  const add = (to: Float64Array, block: number, row: number, column: number): void => {
    for (let k = 0; k < d; k++)
      for (let l = 0; l < d; l++) {
        const h = block * d * d + k * d + l;
        to[h] = (to[h] as number) + (hessian[(row + k) * 2 * d + column + l] as number);
      }
  };
  if (i > 0) add(diagonal, i - 1, 0, 0);
  if (i < free) add(diagonal, i, d, d);
  if (i > 0 && i < free) add(above, i - 1, 0, d);
}

/**
 * What the full Hessian takes off the Gauss-Newton matrix: sum_a (second difference of f)_a Hess f_a
 * at each inner row, z [n, d] to H [n - 2, d, d], by jvp of vjp.
 */
export function curvatureGraph(metric: MapMetric, n: number): Graph {
  return graphOf(metric, `curvature ${n}`, () => {
    const d = metric.dimension;
    const map = bind(metric.map, { n });
    const z = map.inputs.z as Value;
    const inner = (value: Value, by: number): Value => slice(value, 0, 1 + by, n - 1 + by);
    const x = map.outputs.x as Value;
    const bend = add(sub(inner(x, 1), mul(inner(x, 0), 2)), inner(x, -1));
    // The second difference is a fixed weight here: only f at the middle row is differentiated.
    const middle = input("middle", z.type, [n - 2, d]);
    const weight = input("weight", z.type, bend.shape);
    const image = inline(bind(metric.map, { n: n - 2 }), { z: middle }).x as Value;
    const pulled = vjp([image], [middle], [weight]);
    const rows = Array.from({ length: d }, (_, k) => {
      const [row] = jvp(pulled, [middle], [axis(middle, unit(d, k))]);
      return row ?? zerosLike(middle);
    });
    const hessian = graph([middle, weight], { H: stack(rows, 1) });
    return graph([z], inline(hessian, { middle: inner(z, 0), weight: bend }));
  });
}
