/**
 * @file Parallel transport along curves by its equation, w' = -G^-1 Gamma(z', w).
 *
 * The equation is linear in w and the curve is known, so its matrices along all curves are one
 * batch: nothing has to wait for a step. Runge and Kutta's rule of order 4 over a piece against two
 * over its halves gives the error, and pieces where they differ are halved, which reuses every
 * point. What is transported is a whole frame, hence every vector.
 */
import { InputError } from "../array/errors.ts";
import { joinRows, splitRows } from "../array/rows.ts";
import { innerProduct, orthonormalFrame, solvePositive } from "../array/solve.ts";
import { firstNonFinite } from "../array/tensor.ts";
import type { Nodes } from "../curve/polyline.ts";
import type { Spline } from "../curve/spline.ts";
import { splineAt, splineThrough } from "../curve/spline.ts";
import { runRows } from "../engine/blocks.ts";
import type { ProgramCache } from "../engine/cache.ts";
import { requireSmooth, transportGraph } from "../metric/christoffel.ts";
import type { Metric } from "../metric/metric.ts";
import { shotTolerance } from "./shoot.ts";

export interface TransportOptions {
  readonly cache: ProgramCache;
  readonly metric: Metric;
  /** Nodes of each curve, [N + 1, d]; the curve is the C2 spline through them. */
  readonly curves: readonly Nodes[];
  /** Relative error of a transported vector aimed at; 1e-9 by default, in float32 1e-5. */
  readonly tolerance?: number;
  readonly signal?: AbortSignal;
}

/** Parallel transport along one curve. */
export interface Transport {
  /** From the first node to node i: the matrix that takes vectors there, [N + 1, d, d]. */
  readonly matrices: Float64Array;
  /** Estimated relative error of a vector that was taken to the end. */
  readonly error: number;
  /** How far from an isometry the matrix of the last node is; 0 for the true transport. */
  readonly defect: number;
  /** `singular` and `nonFinite` leave NaN from the node on where the metric was so. */
  readonly status: "done" | "singular" | "nonFinite";
}

/** A piece of one curve and the equation at five equal steps of it. */
interface Piece {
  readonly curve: number;
  readonly from: number;
  readonly width: number;
  readonly depth: number;
  readonly places: (Place | null)[];
}

/** Transport over one piece. */
interface Part {
  readonly from: number;
  readonly matrix: Float64Array;
  readonly error: number;
  /** G at its two ends. */
  readonly ends: readonly [Float64Array, Float64Array];
}

interface Place {
  readonly G: Float64Array;
  /** A of w' = A w for a parameter of one unit a segment, [d, d]; NaN where G is singular. */
  readonly A: Float64Array;
}

const deepest = 8;

/**
 * Transports frames along curves. Throws `InputError` for curves of fewer than two nodes and for
 * decoders with kinks.
 */
export async function parallelTransport(options: TransportOptions): Promise<Transport[]> {
  const { metric, curves, tolerance = 10 * shotTolerance(options.metric) } = options;
  requireSmooth("parallel transport", metric);
  const d = metric.dimension;
  for (const nodes of curves)
    if (nodes.length < 2 * d || nodes.length % d !== 0)
      throw new InputError(
        `parallel transport: expected curves of two nodes or more, of ${d} numbers each, got ${nodes.length} numbers`,
      );
  const splines = curves.map((nodes) => splineThrough(nodes, d));
  const parts: Part[][] = curves.map(() => []);
  let pieces = splines.flatMap(({ segments }, curve) =>
    Array.from({ length: segments }, (_, from): Piece => {
      return { curve, from, width: 1, depth: 0, places: [null, null, null, null, null] };
    }),
  );
  while (pieces.length > 0) {
    await fill(options, splines, pieces);
    pieces = pieces.flatMap((piece) => {
      const { curve, from, width, depth } = piece;
      const part = propagate(piece);
      const allowed = (tolerance * width) / (splines[curve] as Spline).segments;
      if (part.error > allowed && depth < deepest) return halve(piece);
      parts[curve]?.push({ ...part, from });
      return [];
    });
  }
  return parts.map((found, curve) => compose(found, (splines[curve] as Spline).segments, d));
}

/** The vector [d] at a node of the curve, the last one by default, that `vector` at its start becomes. */
export function transported(
  { matrices }: Transport,
  vector: ArrayLike<number>,
  node?: number,
): Float64Array {
  const d = vector.length;
  const last = matrices.length / (d * d) - 1;
  return times(matrices, vector, (node ?? last) * d * d);
}

/** Asks for the places that are missing; neighbours share an end, which is asked for once. */
async function fill(
  { cache, metric, signal }: TransportOptions,
  splines: readonly Spline[],
  pieces: readonly Piece[],
): Promise<void> {
  const d = metric.dimension;
  const rows = new Map<
    string,
    { readonly row: number; readonly curve: number; readonly t: number }
  >();
  const asked: { readonly piece: Piece; readonly i: number; readonly row: number }[] = [];
  for (const piece of pieces)
    piece.places.forEach((place, i) => {
      if (place) return;
      const { curve, from, width } = piece;
      const t = from + (width * i) / 4;
      const name = `${curve} ${t}`;
      const known = rows.get(name) ?? { row: rows.size, curve, t };
      rows.set(name, known);
      asked.push({ piece, i, row: known.row });
    });
  const z = new Float64Array(rows.size * d);
  const v = new Float64Array(rows.size * d);
  for (const { row, curve, t } of rows.values())
    splineAt(splines[curve] as Spline, t, z, v, row * d);
  const answers = await runRows(cache, transportGraph(metric), { z, v }, { signal });
  const G = splitRows(answers.G as Float64Array, d * d);
  const places = splitRows(answers.lowered as Float64Array, d * d).map((lowered, row): Place => {
    const tensor = G[row] as Float64Array;
    const columns = splitRows(lowered, d).map(
      (gamma) => solvePositive(tensor, 0, gamma) ?? gamma.map(() => Number.NaN),
    );
    const A = Float64Array.from(
      { length: d * d },
      (_, at) => -((columns[at % d] as Float64Array)[Math.floor(at / d)] as number),
    );
    return { G: tensor, A };
  });
  for (const { piece, i, row } of asked) piece.places[i] = places[row] as Place;
}

function halve({ curve, from, width, depth, places }: Piece): Piece[] {
  const [a, b, c, d, e] = places as [Place, Place, Place, Place, Place];
  const half = { curve, width: width / 2, depth: depth + 1 };
  return [
    { ...half, from, places: [a, null, b, null, c] },
    { ...half, from: from + width / 2, places: [c, null, d, null, e] },
  ];
}

/** Two half steps, improved by what they differ from one whole step, and that difference. */
function propagate({ places, width }: Piece): Omit<Part, "from"> {
  const [a, b, c, e, f] = places as [Place, Place, Place, Place, Place];
  const d = Math.sqrt(a.A.length);
  const once = rungeKutta([a.A, c.A, f.A], width, identity(d));
  const twice = rungeKutta(
    [c.A, e.A, f.A],
    width / 2,
    rungeKutta([a.A, b.A, c.A], width / 2, identity(d)),
  );
  const difference = twice.map((x, k) => (x - (once[k] as number)) / 15);
  return {
    matrix: twice.map((x, k) => x + (difference[k] as number)),
    error: sizeOf(difference, a.G, f.G),
    ends: [a.G, f.G],
  };
}

/** One step of the rule of order 4 for P' = A P with A at the start, the middle and the end. */
function rungeKutta(
  [first, middle, last]: readonly [Float64Array, Float64Array, Float64Array],
  h: number,
  P: Float64Array,
): Float64Array {
  const d = Math.sqrt(P.length);
  const at = (slope: Float64Array, share: number): Float64Array =>
    P.map((x, k) => x + share * h * (slope[k] as number));
  const one = product(first, P, d);
  const two = product(middle, at(one, 1 / 2), d);
  const three = product(middle, at(two, 1 / 2), d);
  const four = product(last, at(three, 1), d);
  return P.map(
    (x, k) =>
      x +
      (h / 6) *
        ((one[k] as number) +
          2 * (two[k] as number) +
          2 * (three[k] as number) +
          (four[k] as number)),
  );
}

/** Greatest length, in the metric at the end, of what a matrix makes of an orthonormal frame. */
function sizeOf(matrix: Float64Array, start: Float64Array, end: Float64Array): number {
  const d = Math.sqrt(matrix.length);
  const frame = orthonormalFrame(start, d);
  if (!frame) return Number.NaN;
  const images = splitRows(frame, d).map((e) => times(matrix, e));
  return Math.sqrt(Math.max(...images.map((image) => innerProduct(end, 0, image, image))));
}

/** Parts in their order along the curve, multiplied up to each node. */
function compose(parts: readonly Part[], segments: number, d: number): Transport {
  const inOrder = [...parts].sort((a, b) => a.from - b.from);
  const matrices = [identity(d)];
  let current = identity(d);
  inOrder.forEach(({ matrix }, i) => {
    current = product(matrix, current, d);
    const next = inOrder[i + 1]?.from ?? segments;
    if (Number.isInteger(next)) matrices.push(current);
  });
  const [first, last] = [inOrder[0] as Part, inOrder.at(-1) as Part];
  const broken = inOrder.find(({ matrix }) => firstNonFinite(matrix) >= 0);
  const finite = broken?.ends.every((G) => firstNonFinite(G) < 0);
  return {
    matrices: joinRows(matrices),
    error: parts.reduce((sum, { error }) => sum + error, 0),
    defect: defectOf(current, first.ends[0], last.ends[1]),
    status: !broken ? "done" : finite ? "singular" : "nonFinite",
  };
}

/** Greatest difference between products of an orthonormal frame before and after. */
function defectOf(matrix: Float64Array, start: Float64Array, end: Float64Array): number {
  const d = Math.sqrt(matrix.length);
  const frame = orthonormalFrame(start, d);
  if (!frame) return Number.NaN;
  const images = splitRows(frame, d).map((e) => times(matrix, e));
  const differences = images.flatMap((a, k) =>
    images.map((b, l) => Math.abs(innerProduct(end, 0, a, b) - (k === l ? 1 : 0))),
  );
  return Math.max(...differences);
}

function identity(d: number): Float64Array {
  return Float64Array.from({ length: d * d }, (_, at) => (at % (d + 1) === 0 ? 1 : 0));
}

function product(A: Float64Array, B: Float64Array, d: number): Float64Array {
  return Float64Array.from({ length: d * d }, (_, at) => {
    const [row, column] = [Math.floor(at / d), at % d];
    let sum = 0;
    for (let k = 0; k < d; k++) sum += (A[row * d + k] as number) * (B[k * d + column] as number);
    return sum;
  });
}

function times(matrix: Float64Array, vector: ArrayLike<number>, from = 0): Float64Array {
  const d = vector.length;
  return Float64Array.from({ length: d }, (_, k) => {
    let sum = 0;
    for (let l = 0; l < d; l++) sum += (matrix[from + k * d + l] as number) * (vector[l] as number);
    return sum;
  });
}
