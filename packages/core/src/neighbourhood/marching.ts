/**
 * @file Distances over a lattice by a front that marches through it once, from near to far.
 *
 * Solves the eikonal equation sum_k w_k (e_k . grad u)^2 = 1 in directions that fit the metric
 * (`stencils`). A node waits with the value that first-order differences give, and takes the value
 * of second-order differences when the front passes it, so that the order of passing is never in
 * doubt. Where directions leave the lattice, the cheapest way over the side of a king's move serves
 * as well. The front does not leave the lattice, and goes around holes.
 */
import { indexedHeap } from "./heap.ts";
import type { Stencils } from "./stencils.ts";
import { kingX, kingY } from "./stencils.ts";

/** Nodes whose distance is known before the march. */
export interface Seeds {
  readonly nodes: ArrayLike<number>;
  readonly distances: ArrayLike<number>;
}

export interface MarchOptions {
  /** Seeds that are upper bounds only: the march may improve them. */
  readonly loose?: Seeds;
  /** Ends when `count` of the nodes marked in `marks` are passed. */
  readonly until?: { readonly marks: Uint8Array; readonly count: number };
}

export interface Front {
  /** Infinity where the front did not come, [height * width]. */
  readonly distances: Float64Array;
  /** Greatest distance that was passed. */
  readonly reach: number;
}

/** A march on its way. */
interface State {
  /** Passed: final; waiting: a proposal; Infinity: not reached. */
  readonly u: Float64Array;
  readonly status: Uint8Array;
  /** Least distance that was passed along each direction of each node, [n, 3]. */
  readonly upwind: Float64Array;
}

/** What a node is, beside 0 for one that waits or was not reached; greater: nothing changes it. */
const bounded = 1;
const fixed = 2;
const passed = 3;

export function march(stencils: Stencils, seeds: Seeds, options: MarchOptions = {}): Front {
  const { width, height, isBorder, firstUser, users } = stencils;
  const n = width * height;
  const u = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  const status = new Uint8Array(n);
  const upwind = new Float64Array(3 * n).fill(Number.POSITIVE_INFINITY);
  const state = { u, status, upwind };
  const queue = indexedHeap(u);
  const sow = ({ nodes, distances }: Seeds, as: number): void => {
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i] as number;
      if (status[node] !== 0 || !((distances[i] as number) < Infinity)) continue;
      u[node] = distances[i] as number;
      status[node] = as;
      queue.push(node);
    }
  };
  sow(seeds, fixed);
  if (options.loose) sow(options.loose, bounded);

  const marks = options.until?.marks;
  let left = options.until?.count ?? 0;
  let reach = 0;
  for (let node = queue.pop(); node >= 0; node = queue.pop()) {
    if (status[node] === 0 && isBorder[node] === 0) u[node] = secondOrder(stencils, state, node);
    const here = u[node] as number;
    status[node] = passed;
    if (here > reach) reach = here;
    if (marks && marks[node] === 1 && --left === 0) break;
    for (let i = firstUser[node] as number; i < (firstUser[node + 1] as number); i++) {
      const user = users[i] as number;
      const other = user >> 2;
      if ((status[other] as number) > bounded) continue;
      const direction = user & 3;
      if (direction < 3) {
        if (here >= (upwind[3 * other + direction] as number)) continue;
        upwind[3 * other + direction] = here;
      }
      const value = firstOrder(stencils, state, other);
      if (value >= (u[other] as number)) continue;
      u[other] = value;
      queue.push(other);
    }
  }
  for (let node = 0; node < n; node++)
    if (status[node] !== passed) u[node] = Number.POSITIVE_INFINITY;
  return { distances: u, reach };
}

/** Value of a node by differences to the nodes that the front has passed. */
function firstOrder(stencils: Stencils, state: State, node: number): number {
  const { weights, isBorder } = stencils;
  const { upwind } = state;
  const i = 3 * node;
  const value = solve(
    weights[i] as number,
    upwind[i] as number,
    weights[i + 1] as number,
    upwind[i + 1] as number,
    weights[i + 2] as number,
    upwind[i + 2] as number,
  );
  return isBorder[node] === 0 ? value : Math.min(value, overSides(stencils, state, node));
}

const weight = new Float64Array(3);
const value = new Float64Array(3);

/**
 * Value of a node inside by differences over two steps, (3 u - 4 u_1 + u_2) / 2, where the front
 * has passed the second as well and found it nearer; over one step elsewhere.
 */
function secondOrder(
  { width, height, directions, weights }: Stencils,
  { u, status }: State,
  node: number,
): number {
  const x = node % width;
  const y = (node - x) / width;
  for (let k = 0; k < 3; k++) {
    weight[k] = weights[3 * node + k] as number;
    value[k] = Number.POSITIVE_INFINITY;
    if (weight[k] === 0) continue;
    const ex = directions[6 * node + 2 * k] as number;
    const ey = directions[6 * node + 2 * k + 1] as number;
    const step = ey * width + ex;
    const ahead = status[node + step] === passed ? (u[node + step] as number) : Infinity;
    const behind = status[node - step] === passed ? (u[node - step] as number) : Infinity;
    const side = ahead < behind ? 1 : -1;
    const near = Math.min(ahead, behind);
    if (near === Infinity) continue;
    value[k] = near;
    const [farX, farY] = [x + 2 * side * ex, y + 2 * side * ey];
    if (farX < 0 || farY < 0 || farX >= width || farY >= height) continue;
    const far = node + 2 * side * step;
    if (status[far] !== passed || (u[far] as number) > near) continue;
    weight[k] = 2.25 * (weight[k] as number);
    value[k] = (4 * near - (u[far] as number)) / 3;
  }
  const [wa, wb, wc] = weight as unknown as [number, number, number];
  const [a, b, c] = value as unknown as [number, number, number];
  return solve(wa, a, wb, b, wc, c);
}

/** The u with wa max(0, u - a)^2 + wb max(0, u - b)^2 + wc max(0, u - c)^2 = 1. */
function solve(wa: number, a: number, wb: number, b: number, wc: number, c: number): number {
  // In order of the values, so that terms join one after another while they are below u.
  if (b < a) return solve(wb, b, wa, a, wc, c);
  if (c < b) return solve(wa, a, wc, c, wb, b);
  if (a === Infinity) return a;
  const toB = b - a;
  if (wa * toB * toB >= 1) return a + 1 / Math.sqrt(wa);
  const toC = c - a;
  const two = wa + wb;
  if (wa * toC * toC + wb * (c - b) * (c - b) >= 1)
    return a + (wb * toB + Math.sqrt(two - wa * wb * toB * toB)) / two;
  const all = two + wc;
  const half = wb * toB + wc * toC;
  const rest = wb * toB * toB + wc * toC * toC - 1;
  return a + (half + Math.sqrt(half * half - all * rest)) / all;
}

/** Least value over the eight sides between neighbouring king's moves whose ends were passed. */
function overSides(stencils: Stencils, { u, status }: State, node: number): number {
  const { width, height, tensors } = stencils;
  const g11 = tensors[3 * node] as number;
  const g12 = tensors[3 * node + 1] as number;
  const g22 = tensors[3 * node + 2] as number;
  const x = node % width;
  const y = (node - x) / width;
  let best = Number.POSITIVE_INFINITY;
  let before = Number.POSITIVE_INFINITY;
  // The first move again after the last closes the ring.
  for (let k = 0; k <= 8; k++) {
    const kx = kingX[k & 7] as number;
    const ky = kingY[k & 7] as number;
    const inside = x + kx >= 0 && y + ky >= 0 && x + kx < width && y + ky < height;
    const at = node + ky * width + kx;
    const here = inside && status[at] === passed ? (u[at] as number) : Infinity;
    if (here < Infinity) {
      best = Math.min(best, here + Math.sqrt(g11 * kx * kx + 2 * g12 * kx * ky + g22 * ky * ky));
      if (before < Infinity) {
        const ax = kingX[(k - 1) & 7] as number;
        const ay = kingY[(k - 1) & 7] as number;
        const [bx, by] = [kx - ax, ky - ay];
        const aa = g11 * ax * ax + 2 * g12 * ax * ay + g22 * ay * ay;
        const ab = g11 * ax * bx + g12 * (ax * by + ay * bx) + g22 * ay * by;
        const bb = g11 * bx * bx + 2 * g12 * bx * by + g22 * by * by;
        best = Math.min(best, overSide(before, here - before, aa, ab, bb));
      }
    }
    before = here;
  }
  return best;
}

/** Least of u + t rise + |a + t b| over 0 < t < 1, from the products of a and b; Infinity if at an end. */
function overSide(u: number, rise: number, aa: number, ab: number, bb: number): number {
  const lack = bb - rise * rise;
  if (!(lack > 0)) return Number.POSITIVE_INFINITY;
  const determinant = Math.max(0, aa * bb - ab * ab);
  const slope = -rise * Math.sqrt(determinant / lack);
  const t = (slope - ab) / bb;
  if (!(t > 0 && t < 1)) return Number.POSITIVE_INFINITY;
  return u + t * rise + Math.sqrt((determinant + slope * slope) / bb);
}
