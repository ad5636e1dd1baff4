/**
 * @file Cubic B-splines with clamped ends on uniform knots: curves of few control points, each of
 * which moves only its neighbourhood.
 *
 * P pieces have P + 3 control points; the first and the last are the ends of the curve, the P + 1
 * between them are free.
 */
import type { BlockTridiagonal } from "../array/linear.ts";
import { fallingDirection, solveBlockTridiagonal } from "../array/linear.ts";
import type { Nodes } from "./polyline.ts";

/** Control points that a point of the curve follows. */
const support = 4;

export interface BSpline {
  readonly pieces: number;
  /** Segments between the nodes, which are at equal steps of the parameter. */
  readonly segments: number;
  /** The first of the four control points that each node follows, [segments + 1]. */
  readonly first: Int32Array;
  /** How much it follows them, [segments + 1, 4]; they add up to one. */
  readonly weights: Float64Array;
}

/** Where the nodes of a curve of `segments` lie among the control points of `pieces`. */
export function bspline(segments: number, pieces: number): BSpline {
  const first = new Int32Array(segments + 1);
  const weights = new Float64Array((segments + 1) * support);
  for (let i = 0; i <= segments; i++) {
    const t = (i * pieces) / segments;
    const piece = Math.min(pieces - 1, Math.floor(t));
    first[i] = piece;
    weights.set(weightsAt(t, piece, pieces), i * support);
  }
  return { pieces, segments, first, weights };
}

/** Segments of a curve to a piece of the spline that it is taken for: waves of fewer are not resolved. */
const segmentsPerPiece = 4;

/** The spline that solvers and certificates take a curve of so many segments for. */
export function splineOver(segments: number): BSpline {
  return bspline(segments, Math.max(1, Math.round(segments / segmentsPerPiece)));
}

/** The four basis functions that are not zero on a piece, by the recursion of Cox and de Boor. */
function weightsAt(t: number, piece: number, pieces: number): Float64Array {
  const knot = (j: number): number => Math.min(pieces, Math.max(0, j));
  const weights = Float64Array.of(1, 0, 0, 0);
  for (let degree = 1; degree < support; degree++) {
    let carried = 0;
    for (let r = 0; r < degree; r++) {
      const [low, high] = [knot(piece + r + 1 - degree), knot(piece + r + 1)];
      const share = (weights[r] as number) / (high - low);
      weights[r] = carried + (high - t) * share;
      carried = (t - low) * share;
    }
    weights[degree] = carried;
  }
  return weights;
}

/** The nodes of a curve with these control points, [pieces + 3, d]. */
export function nodesOf({ segments, first, weights }: BSpline, controls: Nodes, d: number): Nodes {
  const nodes = new Float64Array((segments + 1) * d);
  for (let i = 0; i <= segments; i++)
    for (let a = 0; a < support; a++) {
      const weight = weights[i * support + a] as number;
      const control = ((first[i] as number) + a) * d;
      for (let k = 0; k < d; k++)
        nodes[i * d + k] =
          (nodes[i * d + k] as number) + weight * (controls[control + k] as number);
    }
  return nodes;
}

/** Control points of the spline that is nearest to the inner nodes of a curve and has its ends. */
export function nearestControls(spline: BSpline, nodes: Nodes, d: number): Nodes {
  const { segments, pieces } = spline;
  const controls = new Float64Array((pieces + 3) * d);
  controls.set(nodes.subarray(0, d));
  controls.set(nodes.subarray(segments * d), (pieces + 2) * d);
  const ends = nodesOf(spline, controls, d);
  const rest = nodes.map((x, at) => x - (ends[at] as number)).subarray(d, segments * d);
  const free = solveProjected(spline, identity(segments - 1, d), rest, 1e-9);
  controls.set(free as Nodes, d);
  return controls;
}

const identity = (n: number, d: number): BlockTridiagonal => ({
  d,
  diagonal: Float64Array.from({ length: n * d * d }, (_, at) =>
    (at % (d * d)) % (d + 1) === 0 ? 1 : 0,
  ),
  above: new Float64Array(Math.max(0, n - 1) * d * d),
});

/**
 * (B^T H B + mu I) x = B^T v for the free control points x, [pieces + 1, d]: B takes them to the
 * inner nodes, H and v belong to those, mu is the damping times the mean of the diagonal. Null where
 * the matrix is not positive definite.
 */
export function solveProjected(
  spline: BSpline,
  matrix: BlockTridiagonal,
  v: Float64Array,
  damping: number,
): Float64Array | null {
  const blocks = dampedProjection(spline, matrix, damping);
  const right = new Float64Array(blocks.diagonal.length / blocks.d);
  right.set(projected(spline, v, matrix.d));
  return solveBlockTridiagonal(blocks, right)?.subarray(0, freeNumbers(spline, matrix.d)) ?? null;
}

/**
 * A direction of the inner nodes, [segments - 1, d], that moves them as splines move and along which
 * B^T H B + mu I is negative; null where it is positive definite.
 */
export function fallingAmongSplines(
  spline: BSpline,
  matrix: BlockTridiagonal,
  damping: number,
): Float64Array | null {
  const { d } = matrix;
  const falling = fallingDirection(dampedProjection(spline, matrix, damping));
  return falling && innerNodesOf(spline, falling.subarray(0, freeNumbers(spline, d)), d);
}

/** B x: free control points, [pieces + 1, d], to inner nodes, [segments - 1, d], with both ends at 0. */
export function innerNodesOf(spline: BSpline, free: Float64Array, d: number): Float64Array {
  const controls = new Float64Array((spline.pieces + 3) * d);
  controls.set(free, d);
  return nodesOf(spline, controls, d).subarray(d, spline.segments * d);
}

const freeNumbers = ({ pieces }: BSpline, d: number): number => (pieces + 1) * d;

/** B^T H B + mu I, with ones on the diagonal where the last block is longer than there are points. */
function dampedProjection(
  spline: BSpline,
  matrix: BlockTridiagonal,
  damping: number,
): BlockTridiagonal {
  const size = freeNumbers(spline, matrix.d);
  const blocks = projectedMatrix(spline, matrix);
  const { d: width, diagonal } = blocks;
  const place = (i: number): number =>
    Math.floor(i / width) * width * width + (i % width) * (width + 1);
  let trace = 0;
  for (let i = 0; i < size; i++) trace += diagonal[place(i)] as number;
  for (let i = 0; i < diagonal.length / width; i++)
    diagonal[place(i)] = i < size ? (diagonal[place(i)] as number) + (damping * trace) / size : 1;
  return blocks;
}

/** B^T v: numbers of inner nodes, [segments - 1, d], to numbers of free control points. */
function projected({ segments, pieces, first, weights }: BSpline, v: Float64Array, d: number) {
  const result = new Float64Array((pieces + 1) * d);
  for (let i = 1; i < segments; i++)
    for (let a = 0; a < support; a++) {
      const control = (first[i] as number) + a - 1;
      if (control < 0 || control > pieces) continue;
      const weight = weights[i * support + a] as number;
      for (let k = 0; k < d; k++)
        result[control * d + k] =
          (result[control * d + k] as number) + weight * (v[(i - 1) * d + k] as number);
    }
  return result;
}

/** Control points that two neighbouring nodes follow are at most four apart: blocks beside the diagonal. */
const band = support + 1;

/** B^T H B in blocks of four control points, so that it is block-tridiagonal again. */
function projectedMatrix(spline: BSpline, matrix: BlockTridiagonal): BlockTridiagonal {
  const { d } = matrix;
  const { pieces } = spline;
  const upper = projectedBand(spline, matrix);
  const width = support * d;
  const count = Math.ceil((pieces + 1) / support);
  const result = {
    d: width,
    diagonal: new Float64Array(count * width * width),
    above: new Float64Array(Math.max(0, count - 1) * width * width),
  };
  for (let a = 0; a <= pieces; a++)
    for (let b = a; b < Math.min(a + band, pieces + 1); b++) {
      const block = Math.floor(a / support);
      const inside = Math.floor(b / support) === block;
      const to = inside ? result.diagonal : result.above;
      const [row, column] = [(a % support) * d, (b % support) * d];
      const start = block * width * width;
      for (let k = 0; k < d; k++)
        for (let l = 0; l < d; l++) {
          const entry = upper[(a * band + b - a) * d * d + k * d + l] as number;
          to[start + (row + k) * width + column + l] = entry;
          if (inside) to[start + (column + l) * width + row + k] = entry;
        }
    }
  return result;
}

/** The blocks of B^T H B where control a meets b = a, ..., a + 4: [pieces + 1, 5, d, d]. */
function projectedBand(
  { segments, pieces, first, weights }: BSpline,
  { d, diagonal, above }: BlockTridiagonal,
): Float64Array {
  const size = d * d;
  const blocks = new Float64Array((pieces + 1) * band * size);
  /** Adds a block, for a > b its transpose where b meets a; on the diagonal either, as said. */
  const add = (
    a: number,
    b: number,
    weight: number,
    from: Float64Array,
    at: number,
    flipped = a > b,
  ): void => {
    const to = (Math.min(a, b) * band + Math.abs(b - a)) * size;
    const [byRow, byColumn] = flipped ? [1, d] : [d, 1];
    for (let k = 0; k < d; k++)
      for (let l = 0; l < d; l++) {
        const place = to + k * byRow + l * byColumn;
        blocks[place] = (blocks[place] as number) + weight * (from[at + k * d + l] as number);
      }
  };
  for (let i = 1; i < segments; i++) {
    const at = (i - 1) * size;
    const next = i < segments - 1;
    for (let p = 0; p < support; p++) {
      const a = (first[i] as number) + p - 1;
      const own = weights[i * support + p] as number;
      if (a < 0 || a > pieces || own === 0) continue;
      for (let q = 0; q < support; q++) {
        const b = (first[i] as number) + q - 1;
        // The block of a node is symmetric, so that each pair of its controls is met once.
        if (q >= p && b <= pieces)
          add(a, b, own * (weights[i * support + q] as number), diagonal, at);
        const c = next ? (first[i + 1] as number) + q - 1 : -1;
        if (c < 0 || c > pieces) continue;
        const beside = own * (weights[(i + 1) * support + q] as number);
        add(a, c, beside, above, at);
        // The two sides of the diagonal meet on it.
        if (a === c) add(a, c, beside, above, at, true);
      }
    }
  }
  return blocks;
}
