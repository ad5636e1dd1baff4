/**
 * @file Latent codes of data, for a decoder without an encoder: argmin over z of ||f(z) - x||^2.
 *
 * Levenberg and Marquardt's method on the Jacobian passes of the metric, all rows and starts in one
 * batch. The problem has many local minima, so each row begins at the codes whose images are
 * nearest, out of many, and keeps the best. Only sums over D leave the engine.
 */
import { InputError } from "../array/errors.ts";
import { random } from "../array/random.ts";
import { solvePositive } from "../array/solve.ts";
import { runRows } from "../engine/blocks.ts";
import type { ProgramCache } from "../engine/cache.ts";
import { withPrograms } from "../engine/cache.ts";
import type { Engine } from "../engine/engine.ts";
import type { Graph } from "../graph/graph.ts";
import { graph } from "../graph/graph.ts";
import { input, matmul, mul, reduceSum, reshape, stack, sub } from "../graph/index.ts";
import type { Value } from "../graph/value.ts";
import { mapWithJacobian, pullback } from "../metric/metric.ts";
import type { Decoder } from "../model/decoder.ts";

export interface InvertOptions {
  readonly engine: Engine;
  readonly decoder: Decoder;
  /** Observations [n, D]. */
  readonly data: Float64Array;
  /** Codes to begin at, [m, d]; samples of the standard normal prior by default. */
  readonly candidates?: Float64Array;
  /** Starts of each row, the candidates with the nearest images; 3 by default. */
  readonly starts?: number;
  /** Steps at most; 60 by default. */
  readonly maxIterations?: number;
  readonly seed?: number;
  readonly cache?: ProgramCache;
  readonly signal?: AbortSignal;
  /** Called with the share that is done, 0 to 1. */
  readonly onProgress?: (done: number) => void;
}

export interface Inversion {
  /** [n, d] */
  readonly codes: Float64Array;
  /** ||f(z) - x|| of each row, [n]. */
  readonly residuals: Float64Array;
  /** Rows whose best lane came to rest before the steps ran out. */
  readonly converged: readonly boolean[];
}

/** One row from one start. */
interface Lane {
  readonly row: number;
  /** A square below this is rounding in float32. */
  readonly floor: number;
  z: Float64Array;
  /** What the lane tries next. */
  trial: Float64Array;
  square: number;
  gradient: Float64Array;
  matrix: Float64Array;
  damping: number;
  state: "running" | "resting";
}

const manyCandidates = 2000;
/** Observations worked on together. */
const groupSize = 512;

/** Codes of observations. Throws `InputError` where they are no rows of D finite numbers. */
export function invert(options: InvertOptions): Promise<Inversion> {
  return withPrograms(options, (cache) => invertWith(cache, options));
}

async function invertWith(cache: ProgramCache, options: InvertOptions): Promise<Inversion> {
  const { decoder, data, seed = 1, signal, onProgress } = options;
  const { latentDimension: d, dataDimension: D } = decoder;
  const n = data.length / D;
  if (!Number.isInteger(n) || n === 0 || !data.every(Number.isFinite))
    throw new InputError(
      `project: expected rows of ${D} finite numbers, got ${data.length} numbers in all`,
    );
  const normal = random(seed, "project");
  const candidates =
    options.candidates ?? Float64Array.from({ length: manyCandidates * d }, () => normal.normal());
  const images = (await runRows(cache, pullback(decoder).map, { z: candidates }, { signal })).x;
  const starts = Math.min(options.starts ?? 3, candidates.length / d);

  const result = { codes: new Float64Array(n * d), residuals: new Float64Array(n).fill(Infinity) };
  const converged = new Array<boolean>(n).fill(false);
  for (let first = 0; first < n; first += groupSize) {
    const last = Math.min(n, first + groupSize);
    const lanes: Lane[] = [];
    for (let row = first; row < last; row++) {
      const floor =
        1e-12 * data.subarray(row * D, (row + 1) * D).reduce((sum, x) => sum + x * x, 0);
      for (const start of nearestImages(images as Float64Array, data, row, D, starts))
        lanes.push(laneAt(row, floor, candidates.slice(start * d, (start + 1) * d)));
    }
    await descend(lanes, options, cache, (done) =>
      onProgress?.((first + done * (last - first)) / n),
    );
    for (const lane of lanes) {
      const residual = Math.sqrt(lane.square);
      if (!(residual < (result.residuals[lane.row] as number))) continue;
      result.residuals[lane.row] = residual;
      result.codes.set(lane.z, lane.row * d);
      converged[lane.row] = lane.state === "resting";
    }
    onProgress?.(last / n);
  }
  return { ...result, converged };
}

const laneAt = (row: number, floor: number, z: Float64Array): Lane => ({
  row,
  floor,
  z,
  trial: z,
  square: Number.POSITIVE_INFINITY,
  gradient: new Float64Array(z.length),
  matrix: new Float64Array(z.length ** 2),
  damping: 1e-3,
  state: "running",
});

/** The candidates whose images are nearest to an observation, nearest first. */
function nearestImages(
  images: Float64Array,
  data: Float64Array,
  row: number,
  D: number,
  count: number,
): number[] {
  const best: { readonly at: number; readonly square: number }[] = [];
  for (let at = 0; at < images.length / D; at++) {
    const limit = best.length < count ? Number.POSITIVE_INFINITY : (best.at(-1)?.square as number);
    let square = 0;
    for (let i = 0; i < D && square < limit; i++)
      square += ((images[at * D + i] as number) - (data[row * D + i] as number)) ** 2;
    // Also NaN: a candidate whose image is not finite is none.
    if (!(square < limit)) continue;
    best.splice(best.findLastIndex((other) => other.square <= square) + 1, 0, { at, square });
    if (best.length > count) best.pop();
  }
  return best.map(({ at }) => at);
}

const systems = new WeakMap<Decoder, Graph>();

/** z [n, d] and x [n, D] to r^2, J^T r and J^T J in one row, with r = f(z) - x. */
function systemGraph(decoder: Decoder): Graph {
  const known = systems.get(decoder);
  if (known) return known;
  const { map } = pullback(decoder);
  const z = map.inputs.z as Value;
  const { x: image, columns } = mapWithJacobian(map, z);
  const x = input("x", image.type, image.shape);
  const d = columns.length;
  const r = sub(image, x);
  const J = stack(columns, 1);
  const built = graph([z, x], {
    square: reduceSum(mul(r, r), [1], true),
    gradient: reshape(matmul(J, stack([r], 2)), ["n", d]),
    matrix: matmul(J, J, { transposeB: true }),
  });
  systems.set(decoder, built);
  return built;
}

async function descend(
  lanes: readonly Lane[],
  { decoder, data, maxIterations = 60, signal }: InvertOptions,
  cache: ProgramCache,
  onProgress: (done: number) => void,
): Promise<void> {
  const { latentDimension: d, dataDimension: D } = decoder;
  // A block holds d images a row.
  const sizes = d * D > 20_000 ? [16, 64] : [64, 256, 1024];
  for (let step = 0; step <= maxIterations; step++) {
    const running = lanes.filter(({ state }) => state === "running");
    if (running.length === 0) return;
    const z = new Float64Array(running.length * d);
    const x = new Float64Array(running.length * D);
    running.forEach(({ trial, row }, i) => {
      z.set(trial, i * d);
      x.set(data.subarray(row * D, (row + 1) * D), i * D);
    });
    const answers = await runRows(cache, systemGraph(decoder), { z, x }, { sizes, signal });
    running.forEach((lane, i) => {
      take(lane, {
        square: answers.square?.[i] as number,
        gradient: (answers.gradient as Float64Array).slice(i * d, (i + 1) * d),
        matrix: (answers.matrix as Float64Array).slice(i * d * d, (i + 1) * d * d),
      });
    });
    onProgress(Math.max(step / maxIterations, 1 - running.length / lanes.length));
  }
}

/** Takes the answer to a lane's trial, and sets out the next one or lets the lane rest. */
function take(lane: Lane, answer: Pick<Lane, "square" | "gradient" | "matrix">): void {
  if (answer.square < lane.square) {
    const gain = lane.square - answer.square;
    const small =
      answer.square <= lane.floor || (Number.isFinite(gain) && gain <= 1e-9 * lane.square);
    Object.assign(lane, answer, { z: lane.trial, damping: Math.max(1e-9, lane.damping / 5) });
    if (small) lane.state = "resting";
  } else lane.damping *= 4;
  if (!Number.isFinite(lane.square) || lane.damping > 1e6) lane.state = "resting";
  if (lane.state === "resting") return;
  const d = lane.z.length;
  const damped = lane.matrix.slice();
  let trace = 0;
  for (let k = 0; k < d; k++) trace += (lane.matrix[k * d + k] as number) / d;
  for (let k = 0; k < d; k++)
    damped[k * d + k] = (damped[k * d + k] as number) + lane.damping * trace + Number.MIN_VALUE;
  const direction = solvePositive(damped, 0, lane.gradient);
  if (!direction) {
    lane.damping *= 10;
    lane.trial = lane.z;
    return;
  }
  lane.trial = lane.z.map((value, k) => value - (direction[k] as number));
}
