/**
 * @file The length of a curve: the integral of its speed (Eq. 6), with an estimate of the error.
 *
 * The curve is the C2 spline through the nodes, or the polyline itself where the decoder has
 * kinks. Speed is taken at nested points: Boole's rule is the answer, its difference from
 * Simpson's the error, and while a curve's is too large, segments with more than their share of it are
 * halved, which reuses every point. The sum of chords is never the answer: it is too short.
 */
import type { Evaluator } from "./evaluator.ts";
import type { Nodes } from "./polyline.ts";
import { resample } from "./polyline.ts";
import type { Spline } from "./spline.ts";
import { splineAt, splineThrough } from "./spline.ts";

export interface Measure {
  readonly length: number;
  /** Estimated error of the integral, relative to the length. */
  readonly error: number;
  /** Length of the curve over each segment, [N]. */
  readonly segments: Float64Array;
  /** Speed at the nodes for a parameter that runs from 0 to 1 (Eq. 11), [N + 1]. */
  readonly velocity: Float64Array;
}

/** A piece of one curve with the speed at five equal steps. */
interface Piece {
  readonly curve: number;
  readonly from: number;
  readonly width: number;
  readonly speeds: (number | null)[];
  readonly depth: number;
}

const simpson = [1 / 6, 0, 4 / 6, 0, 1 / 6];
const boole = [7 / 90, 32 / 90, 12 / 90, 32 / 90, 7 / 90];
/** Segments of a piece at first. Its five points are then the nodes and the middles between them. */
const widest = 2;
const deepest = 7;

/** Measures many curves at once; `tolerance` is the relative error of the integral aimed at. */
export async function measure(
  evaluator: Evaluator,
  curves: readonly Nodes[],
  tolerance: number,
): Promise<Measure[]> {
  return evaluator.metric.kinked && evaluator.metric.kind === "map"
    ? measurePolylines(evaluator, curves, tolerance)
    : measureSplines(evaluator, curves, tolerance);
}

async function measureSplines(
  evaluator: Evaluator,
  curves: readonly Nodes[],
  tolerance: number,
): Promise<Measure[]> {
  const d = evaluator.metric.dimension;
  const splines = curves.map((nodes) => splineThrough(nodes, d));
  const lengths = splines.map(({ segments }) => new Float64Array(segments));
  const errors = new Float64Array(curves.length);
  const velocities = splines.map(({ segments }) => new Float64Array(segments + 1));
  let pieces: Piece[] = splines.flatMap(({ segments }, curve) =>
    Array.from({ length: Math.ceil(segments / widest) }, (_, i) => ({
      curve,
      from: i * widest,
      width: Math.min(widest, segments - i * widest),
      speeds: [null, null, null, null, null],
      depth: 0,
    })),
  );
  let scale: Float64Array | null = null;
  while (pieces.length > 0) {
    await fillSpeeds(evaluator, splines, pieces);
    if (!scale) {
      for (const piece of pieces) keepVelocity(velocities[piece.curve] as Float64Array, piece);
      scale = new Float64Array(curves.length);
      for (const piece of pieces)
        scale[piece.curve] = (scale[piece.curve] as number) + integral(piece, boole);
    }
    const open = errors.slice();
    for (const piece of pieces)
      open[piece.curve] = (open[piece.curve] as number) + disagreement(piece);
    const halves: Piece[] = [];
    for (const piece of pieces) {
      const { curve, width, depth } = piece;
      const allowed = tolerance * (scale[curve] as number);
      const share = (allowed * width) / (splines[curve] as Spline).segments;
      const error = disagreement(piece);
      if ((open[curve] as number) > allowed && error > share && depth < deepest)
        halves.push(...halve(piece));
      else {
        divide(lengths[curve] as Float64Array, piece, integral(piece, boole));
        errors[curve] = (errors[curve] as number) + error;
      }
    }
    pieces = halves;
  }
  return splines.map((_, curve) => {
    const segments = lengths[curve] as Float64Array;
    const length = segments.reduce((sum, part) => sum + part, 0);
    return {
      length,
      segments,
      error: length > 0 ? (errors[curve] as number) / length : 0,
      velocity: velocities[curve] as Float64Array,
    };
  });
}

/** Speeds at the nodes of a piece that is whole; a speed per segment becomes one per curve. */
function keepVelocity(velocity: Float64Array, { from, width, speeds }: Piece): void {
  for (let node = 0; node <= width; node++)
    velocity[from + node] = (speeds[(4 / width) * node] as number) * (velocity.length - 1);
}

/** Adds the length of a piece to its segment; over two segments, as Simpson's rule divides it. */
function divide(lengths: Float64Array, { from, width, speeds }: Piece, length: number): void {
  const [a, b, c, d, e] = speeds as [number, number, number, number, number];
  const [left, right] = [a + 4 * b + c, c + 4 * d + e];
  const share = width <= 1 ? 1 : left + right > 0 ? left / (left + right) : 0.5;
  const segment = Math.floor(from);
  lengths[segment] = (lengths[segment] as number) + share * length;
  if (share < 1) lengths[segment + 1] = (lengths[segment + 1] as number) + (1 - share) * length;
}

function integral({ speeds, width }: Piece, weights: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < 5; i++) sum += (weights[i] as number) * (speeds[i] as number);
  return sum * width;
}

/** Of Boole's rule and Simpson's: the error of a piece. */
const disagreement = (piece: Piece): number =>
  Math.abs(integral(piece, boole) - integral(piece, simpson));

function halve({ curve, from, width, speeds, depth }: Piece): Piece[] {
  const [a, b, c, d, e] = speeds as [number, number, number, number, number];
  const half = width / 2;
  return [
    { curve, from, width: half, speeds: [a, null, b, null, c], depth: depth + 1 },
    { curve, from: from + half, width: half, speeds: [c, null, d, null, e], depth: depth + 1 },
  ];
}

/** Asks for the speeds that are missing. Neighbours share an end, which is asked for once. */
async function fillSpeeds(
  evaluator: Evaluator,
  splines: readonly Spline[],
  pieces: readonly Piece[],
): Promise<void> {
  const d = evaluator.metric.dimension;
  const asked: { readonly piece: Piece; readonly i: number; readonly row: number }[] = [];
  const places: { readonly curve: number; readonly t: number }[] = [];
  for (const piece of pieces)
    piece.speeds.forEach((speed, i) => {
      if (speed !== null) return;
      const t = piece.from + (piece.width * i) / 4;
      const before = places.at(-1);
      const shared = before?.curve === piece.curve && before.t === t;
      if (!shared) places.push({ curve: piece.curve, t });
      asked.push({ piece, i, row: places.length - 1 });
    });
  const z = new Float64Array(places.length * d);
  const v = new Float64Array(places.length * d);
  places.forEach(({ curve, t }, row) => {
    splineAt(splines[curve] as Spline, t, z, v, row * d);
  });
  const speeds = await evaluator.speeds(z, v);
  for (const { piece, i, row } of asked) piece.speeds[i] = speeds[row] as number;
}

/** Chords over ever finer subdivisions of the polyline, until two agree. */
async function measurePolylines(
  evaluator: Evaluator,
  curves: readonly Nodes[],
  tolerance: number,
): Promise<Measure[]> {
  const d = evaluator.metric.dimension;
  const results: Measure[] = [];
  let open = curves.map((_, curve) => curve);
  let before = new Map<number, number>();
  for (let parts = 4; open.length > 0; parts *= 2) {
    const dense = open.map((curve) => subdivide(curves[curve] as Nodes, d, parts));
    const chords = await evaluator.chordLengths(dense);
    const now = new Map<number, number>();
    const left: number[] = [];
    open.forEach((curve, i) => {
      const steps = chords[i] as Float64Array;
      const length = steps.reduce((sum, chord) => sum + chord, 0);
      now.set(curve, length);
      const change = Math.abs(length - (before.get(curve) ?? 0));
      const error = length > 0 ? change / length : 0;
      const segments = sums(steps, parts);
      results[curve] = { length, error, segments, velocity: nodeSpeeds(steps, parts) };
      if (error > tolerance && parts < 64) left.push(curve);
    });
    before = now;
    open = left;
  }
  return results;
}

function subdivide(nodes: Nodes, d: number, parts: number): Nodes {
  const segments = nodes.length / d - 1;
  return resample(nodes, d, segments * parts, new Float64Array(segments).fill(1));
}

/** Sums of `parts` neighbours each. */
function sums(steps: Float64Array, parts: number): Float64Array {
  const result = new Float64Array(steps.length / parts);
  steps.forEach((step, i) => {
    const segment = Math.floor(i / parts);
    result[segment] = (result[segment] as number) + step;
  });
  return result;
}

/** Speed at a node: the mean over the two small chords beside it. */
function nodeSpeeds(chords: Float64Array, parts: number): Float64Array {
  const segments = chords.length / parts;
  return Float64Array.from({ length: segments + 1 }, (_, i) => {
    const left = chords[Math.max(0, i * parts - 1)] as number;
    const right = chords[Math.min(chords.length - 1, i * parts)] as number;
    return ((left + right) / 2) * chords.length;
  });
}
