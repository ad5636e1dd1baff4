/**
 * @file From poses to a motion: encode, join by geodesics, decode, time; and the same along straight
 * latent lines, to compare (Section 4.5 and the introduction: path planning on learned skills).
 *
 * Poses and motions are in raw units, those of the data. Decoder and encoder speak in units of
 * training, in which lengths are measured.
 */
import type { Curve } from "../analysis/along.ts";
import { pointsEvenly } from "../analysis/along.ts";
import { InputError } from "../array/errors.ts";
import { distance } from "../array/linear.ts";
import { random } from "../array/random.ts";
import { firstNonFinite } from "../array/tensor.ts";
import { refine } from "../curve/spline.ts";
import { rawUnits, trainingUnits } from "../drawing/raw.ts";
import { runRows } from "../engine/blocks.ts";
import type { ProgramCache } from "../engine/cache.ts";
import type { Limits } from "../format/limits.ts";
import type { ModelDescription } from "../format/model.ts";
import type { GeodesicResult } from "../format/result.ts";
import { solvePairs } from "../geodesic/pairs.ts";
import type { Metric } from "../metric/metric.ts";
import { pullback } from "../metric/metric.ts";
import type { Decoder } from "../model/decoder.ts";
import type { Encoder } from "../model/encoder.ts";
import type { Violation } from "./limits.ts";
import { violations } from "./limits.ts";
import { greatestStray, toolPlaces } from "./stray.ts";
import type { TimedPath } from "./timing.ts";
import { atConstantSpeed, atEqualTimes, atVelocityLimits } from "./timing.ts";

export interface PlanOptions {
  readonly cache: ProgramCache;
  readonly description: Pick<ModelDescription, "name" | "drawing" | "scaling">;
  readonly decoder: Decoder;
  readonly encoder: Encoder;
  /** Whose geodesics are followed; the pull-back metric G by default, which may leave the data. */
  readonly metric?: Metric;
  /** First pose, those to go through, last pose: [k, D] in raw units. */
  readonly poses: Float64Array;
  /** Codes of the data, [n, d]: starts follow them, and strays are measured from them. */
  readonly latents?: Float64Array;
  /** With velocities, the motion is as fast as they allow; otherwise of constant speed. */
  readonly limits?: Limits;
  /** Rows of a motion. */
  readonly count: number;
  readonly seed: number;
  readonly signal?: AbortSignal;
  /** Called with the share that is done, 0 to 1. */
  readonly onProgress?: (done: number) => void;
}

/** A motion in raw units, its rows at equal steps of time. */
export interface Motion extends TimedPath {
  /** In G, in units of training. */
  readonly length: number;
  /** Of the whole path, between the rows too. */
  readonly violations: readonly Violation[];
  /** Greatest distance from the data as decoded, in units of training; null where no data is known. */
  readonly stray: number | null;
  /** The same of the tool of a robot arm, in metres; null for others. */
  readonly toolStray: number | null;
}

/** A pose that was asked for, and what the model makes of it. */
export interface Waypoint {
  /** Its code, [d]. */
  readonly latent: readonly number[];
  /** Reconstruction less pose, [D] in raw units: by so much the motion misses the pose. */
  readonly miss: readonly number[];
}

export interface Plan {
  readonly geodesic: Motion;
  readonly straight: Motion;
  readonly waypoints: readonly Waypoint[];
  /** Of each pair of neighbouring poses. */
  readonly geodesics: readonly GeodesicResult[];
}

/** Of the length. The way itself is less exact: lengths hardly change around a shortest one. */
const tolerance = 1e-4;
/** Points of a leg, at equal steps of its decoded length. */
const samples = 1001;
/** Data that strays are measured from, at most; drawn at random. */
const demonstrationLimit = 2000;

/**
 * Plans a motion through poses. It goes from reconstruction to reconstruction, since the decoder
 * need not reach the poses themselves: `waypoints` say how far that is off.
 * Throws `InputError` for fewer than two poses, for a model whose parts do not fit, and where the
 * decoder gives no finite numbers on the way.
 */
export async function plan(options: PlanOptions): Promise<Plan> {
  const { cache, decoder, poses, latents, seed, signal, onProgress } = options;
  const { scaling, name } = options.description;
  check(options);
  const [d, D] = [decoder.latentDimension, decoder.dataDimension];
  const map = pullback(decoder).map;
  const decode = async (z: Float64Array): Promise<Float64Array> =>
    (await runRows(cache, map, { z }, { signal })).x as Float64Array;

  const codes = await encode(options, trainingUnits(poses, scaling));
  const at = (i: number): Float64Array => codes.slice(i * d, (i + 1) * d);
  const legs = Array.from({ length: poses.length / D - 1 }, (_, i) => i);
  const { geodesics } = await solvePairs({
    engine: cache.engine,
    ...{ cache, decoder, name, latents, seed, signal, onProgress },
    pairs: Float64Array.from(legs.flatMap((i) => [...at(i), ...at(i + 1)])),
    metric: options.metric,
    tolerance,
  });
  const broken = geodesics.find(({ status }) => status === "nonFinite");
  if (broken) throw new InputError(`plan: ${broken.message}`);

  const reference = latents?.length
    ? await decode(sample(latents, d, demonstrationLimit, seed))
    : undefined;
  const motion = async (length: number, routes: readonly Curve[]): Promise<Motion> => {
    const even = await pointsEvenly(cache, decoder, routes, samples);
    // A leg begins where the one before it ended.
    const points = even.flatMap((leg, i) => (i === 0 ? leg : leg.slice(1)));
    return moved({ ...options, length, reference, rows: await decode(flat(points)) });
  };
  const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
  const reached = rawUnits(await decode(codes), scaling);
  return {
    geodesic: await motion(
      sum(geodesics.map(({ length }) => length)),
      geodesics.map(({ curve }) => measured(curve, decoder)),
    ),
    straight: await motion(
      sum(geodesics.map(({ straightLength }) => straightLength)),
      geodesics.map(({ from, to }) => [from, to]),
    ),
    waypoints: Array.from({ length: poses.length / D }, (_, i) => ({
      latent: [...at(i)],
      miss: Array.from(
        { length: D },
        (_, k) => (reached[i * D + k] as number) - (poses[i * D + k] as number),
      ),
    })),
    geodesics,
  };
}

function check({ decoder, encoder, poses, count }: PlanOptions): void {
  const [d, D] = [decoder.latentDimension, decoder.dataDimension];
  if (encoder.latentDimension !== d || encoder.dataDimension !== D)
    throw new InputError(
      `plan: expected an encoder of ${D} numbers to ${d} as the decoder has them, got ${encoder.dataDimension} to ${encoder.latentDimension}`,
    );
  if (poses.length < 2 * D || poses.length % D !== 0)
    throw new InputError(
      `plan: expected two poses or more of ${D} numbers, got ${poses.length} numbers`,
    );
  if (!(count >= 2)) throw new InputError(`plan: expected two rows or more, got ${count}`);
}

async function encode(
  { cache, encoder }: Pick<PlanOptions, "cache" | "encoder">,
  x: Float64Array,
): Promise<Float64Array> {
  const codes = (await runRows(cache, encoder.graph, { x })).mean as Float64Array;
  const bad = firstNonFinite(codes);
  if (bad >= 0)
    throw new InputError(
      `plan: expected a finite code of every pose, got ${codes[bad]} for pose ${Math.floor(bad / encoder.latentDimension) + 1}; is it in the units of the data?`,
    );
  return codes;
}

function sample(points: Float64Array, d: number, most: number, seed: number): Float64Array {
  const n = points.length / d;
  if (n <= most) return points;
  const chosen = random(seed, "plan", "demonstrations").permutation(n).subarray(0, most);
  return Float64Array.from(
    Array.from(chosen).flatMap((row) => [...points.subarray(row * d, (row + 1) * d)]),
  );
}

/** The curve whose length was measured: a spline through its nodes, a polyline where there are kinks. */
function measured(curve: Curve, { latentDimension: d, kinked }: Decoder): Curve {
  if (kinked) return curve;
  const segments = new Float64Array(curve.length - 1).fill(1);
  const nodes = refine(flat(curve), d, segments, samples);
  return Array.from({ length: samples + 1 }, (_, i) => [...nodes.subarray(i * d, (i + 1) * d)]);
}

const flat = (points: Curve): Float64Array => Float64Array.from(points.flat());

interface Moved extends Pick<PlanOptions, "decoder" | "description" | "limits" | "count"> {
  readonly length: number;
  /** The data as decoded, [m, D] in units of training. */
  readonly reference: Float64Array | undefined;
  /** The path, [n, D] in units of training. */
  readonly rows: Float64Array;
}

/** A path with its times, as a motion. */
function moved(options: Moved): Motion {
  const { decoder, description, limits, count, length, reference } = options;
  const { drawing, scaling } = description;
  const D = decoder.dataDimension;
  const path = { rows: rawUnits(options.rows, scaling), D };
  const times = limits?.velocity
    ? atVelocityLimits(path, limits.velocity)
    : atConstantSpeed(chords(options.rows, D));
  const timed = { ...path, times };
  const motion = atEqualTimes(timed, count);
  return {
    ...motion,
    length,
    violations: limits ? violations(timed, limits) : [],
    stray: reference ? greatestStray(trainingUnits(motion.rows, scaling), reference, D) : null,
    toolStray:
      reference && drawing.kind === "arm"
        ? greatestStray(toolPlaces(motion.rows), toolPlaces(rawUnits(reference, scaling)), 3)
        : null,
  };
}

const chords = (rows: Float64Array, D: number): Float64Array =>
  Float64Array.from({ length: rows.length / D - 1 }, (_, i) =>
    distance(rows, i * D, rows, (i + 1) * D, D),
  );
