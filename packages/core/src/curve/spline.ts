/**
 * @file The C2 cubic spline through the nodes of a curve, one unit of parameter a segment.
 *
 * Not-a-knot ends (the third derivative continues over the second and the last but one node), so
 * that it is of fourth order up to the ends; below four nodes it is the polynomial through them.
 */
import type { Nodes } from "./polyline.ts";

export interface Spline {
  readonly d: number;
  readonly segments: number;
  readonly nodes: Nodes;
  /** Second derivatives at the nodes, [N + 1, d]. */
  readonly bending: Float64Array;
}

export function splineThrough(nodes: Nodes, d: number): Spline {
  const n = nodes.length / d - 1;
  const bending = new Float64Array(nodes.length);
  if (n === 2)
    for (let k = 0; k < d; k++) {
      const second = secondDifference(nodes, d, 1, k);
      for (let i = 0; i <= 2; i++) bending[i * d + k] = second;
    }
  if (n >= 3) for (let k = 0; k < d; k++) solveBending(nodes, d, n, k, bending);
  return { d, segments: n, nodes, bending };
}

function secondDifference(nodes: Nodes, d: number, i: number, k: number): number {
  const at = (j: number): number => nodes[j * d + k] as number;
  return at(i + 1) - 2 * at(i) + at(i - 1);
}

/**
 * The tridiagonal system m_{i-1} + 4 m_i + m_{i+1} = 6 (second difference), with the not-a-knot
 * conditions m_0 = 2 m_1 - m_2 and m_N = 2 m_{N-1} - m_{N-2} put in.
 */
function solveBending(nodes: Nodes, d: number, n: number, k: number, bending: Float64Array): void {
  const size = n - 1;
  const diagonal = new Float64Array(size).fill(4);
  const right = new Float64Array(size);
  for (let i = 1; i < n; i++) right[i - 1] = 6 * secondDifference(nodes, d, i, k);
  // With both conditions in, the first and last equations read 6 m = right side.
  diagonal[0] = 6;
  diagonal[size - 1] = 6;
  const upper = new Float64Array(size).fill(1);
  const lower = new Float64Array(size).fill(1);
  upper[0] = 0;
  lower[size - 1] = 0;
  for (let i = 1; i < size; i++) {
    const factor = (lower[i] as number) / (diagonal[i - 1] as number);
    diagonal[i] = (diagonal[i] as number) - factor * (upper[i - 1] as number);
    right[i] = (right[i] as number) - factor * (right[i - 1] as number);
  }
  let after = 0;
  for (let i = size - 1; i >= 0; i--) {
    after = ((right[i] as number) - (upper[i] as number) * after) / (diagonal[i] as number);
    bending[(i + 1) * d + k] = after;
  }
  const m = (i: number): number => bending[i * d + k] as number;
  bending[k] = 2 * m(1) - m(2);
  bending[n * d + k] = 2 * m(n - 1) - m(n - 2);
}

/** Point and derivative at a parameter t in [0, N], written from `at` on. */
export function splineAt(
  { d, segments, nodes, bending }: Spline,
  t: number,
  point: Float64Array,
  derivative: Float64Array,
  at: number,
): void {
  const i = Math.min(segments - 1, Math.max(0, Math.floor(t)));
  const v = t - i;
  const u = 1 - v;
  for (let k = 0; k < d; k++) {
    const a = nodes[i * d + k] as number;
    const b = nodes[(i + 1) * d + k] as number;
    const p = bending[i * d + k] as number;
    const q = bending[(i + 1) * d + k] as number;
    point[at + k] = u * a + v * b + ((u * u * u - u) * p + (v * v * v - v) * q) / 6;
    derivative[at + k] = b - a + ((1 - 3 * u * u) * p + (3 * v * v - 1) * q) / 6;
  }
}

/**
 * A curve with more nodes: on the spline through the old ones, at equal steps of its length, given
 * the length over each old segment. Where the speed is constant this halves the segments; where a
 * segment jumped over a ridge of the metric, its length shows it, and the nodes gather there.
 */
export function refine(nodes: Nodes, d: number, lengths: Float64Array, segments: number): Nodes {
  const spline = splineThrough(nodes, d);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const fine = new Float64Array((segments + 1) * d);
  const unused = new Float64Array(d);
  const point = new Float64Array(d);
  let segment = 0;
  let passed = 0;
  for (let i = 1; i < segments; i++) {
    const target = (total * i) / segments;
    while (segment < lengths.length - 1 && passed + (lengths[segment] as number) < target)
      passed += lengths[segment++] as number;
    const share = (target - passed) / (lengths[segment] as number);
    splineAt(
      spline,
      total > 0 ? segment + share : (i * lengths.length) / segments,
      point,
      unused,
      0,
    );
    fine.set(point, i * d);
  }
  fine.set(nodes.subarray(0, d), 0);
  fine.set(nodes.subarray(nodes.length - d), segments * d);
  return fine;
}
