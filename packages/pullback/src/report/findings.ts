/** @file Everything that a page about one model shows, computed but not yet drawn. */
import type {
  Bounds,
  Curve,
  Decoder,
  GeodesicResult,
  GeodesicsResult,
  MagnificationMap,
  MapData,
  ModelDescription,
  Plane,
  ProgramCache,
  Track,
} from "pullback-core";
import {
  axisPlane,
  boundsAround,
  dataPath,
  decodeAt,
  InputError,
  magnificationMap,
  pointsAlong,
  polylineLengths,
  principalPlane,
  project,
  spine,
  straightCurve,
  telling,
  valueDifference,
  velocityAlong,
} from "pullback-core";

/** A model as a page needs it. */
export interface Subject {
  /** Its folder or its decoder's file. */
  readonly folder: string;
  readonly description: ModelDescription;
  readonly decoder: Decoder;
  /** Latent codes of the data, [n, d]. */
  readonly latents: Float32Array;
  /** Class of each code. */
  readonly labels?: ArrayLike<number>;
  /** Known value of each code, such as an angle. */
  readonly values?: ArrayLike<number>;
  /** Bound over the steps of the training. */
  readonly training?: { readonly steps: number[]; readonly bounds: number[] };
}

export interface Findings {
  readonly subject: Subject;
  /** The codes that are connected. */
  readonly pairs: IndexPairs;
  readonly plane: Plane;
  readonly axes: readonly [string, string];
  readonly map: MagnificationMap;
  readonly data: MapData;
  readonly result: GeodesicsResult;
  /** How far the ends of each pair are apart in the known value; absent without values. */
  readonly differences?: readonly number[];
  /** Length of the path along the data of each pair; where the known value is periodic. */
  readonly dataLengths?: readonly number[];
  /** Index of the pair that is drawn. */
  readonly drawn: number;
  readonly geodesic: Track;
  readonly straight: Track;
  readonly engine: string;
  readonly seed: number;
  readonly seconds: { readonly map: number; readonly geodesics: number };
}

/** Indices of two different codes, pair by pair. */
export type IndexPairs = readonly (readonly [number, number])[];

export interface FindingsOptions {
  readonly cache: ProgramCache;
  readonly subject: Subject;
  readonly pairs: IndexPairs;
  readonly result: GeodesicsResult;
  readonly seed: number;
  /** Points of the map a side; 200 by default. */
  readonly grid?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number) => void;
}

/** Observations of a strip: as many as a phone shows without losing them. */
const observations = 11;

/** Maps the latent space and follows the drawn pair through data space. */
export async function findings(options: FindingsOptions): Promise<Findings> {
  const { cache, subject, pairs, result, seed, grid = 200, signal, onProgress } = options;
  const { decoder, latents, labels, values, description } = subject;
  const d = decoder.latentDimension;
  if (d < 2) throw new InputError(`report: expected two latent dimensions or more, got ${d}`);
  const { plane, axes } = pictured(latents, d);
  const points = Float32Array.from(project(plane, latents));
  const drawn = telling(result.geodesics);
  const shown = result.geodesics[drawn];
  if (!shown) throw new InputError("report: expected one pair or more, got none");
  const start = performance.now();
  const map = await magnificationMap({
    engine: cache.engine,
    cache,
    decoder,
    plane,
    bounds: boundsWith(points, plane, shown),
    grid,
    signal,
    onProgress,
  });
  const seconds = (performance.now() - start) / 1000;
  return {
    subject,
    pairs,
    plane,
    axes,
    map,
    data: {
      points,
      labels,
      values,
      labelNames: description.labelNames,
      value: description.value,
    },
    result,
    differences: values && differencesOf(values, pairs, description.value?.period),
    dataLengths: await dataLengthsOf(cache, subject, pairs),
    drawn,
    ...(await tracksOf(cache, subject, shown)),
    engine: cache.engine.name,
    seed,
    seconds: { map: seconds, geodesics: result.seconds.solve + result.seconds.start },
  };
}

/** The plane that is drawn: the space itself, or the principal plane of the codes. */
export function pictured(
  latents: Float32Array,
  d: number,
): { readonly plane: Plane; readonly axes: readonly [string, string] } {
  return d === 2
    ? { plane: axisPlane(2), axes: ["z₁", "z₂"] }
    : {
        plane: principalPlane(latents, d),
        axes: ["first principal axis", "second principal axis"],
      };
}

/** Around the data and the drawn geodesic, which may leave it. */
function boundsWith(points: Float32Array, plane: Plane, { curve }: GeodesicResult): Bounds {
  return boundsAround([...points, ...project(plane, curve.flat())]);
}

function differencesOf(
  values: ArrayLike<number>,
  pairs: IndexPairs,
  period: number | undefined,
): number[] {
  return pairs.map(([a, b]) => valueDifference(values[a] as number, values[b] as number, period));
}

async function dataLengthsOf(
  cache: ProgramCache,
  subject: Subject,
  pairs: IndexPairs,
): Promise<number[] | undefined> {
  const paths = dataPathsOf(subject, pairs);
  return paths && polylineLengths(cache, subject.decoder, paths);
}

/**
 * The path along the data of each pair: through the mean codes of 72 bins of the known value, the
 * shorter way round; none where no periodic value is known.
 */
export function dataPathsOf(
  { decoder, latents, values, description }: Subject,
  pairs: IndexPairs,
): Curve[] | undefined {
  const period = description.value?.period;
  if (!values || !period) return undefined;
  const d = decoder.latentDimension;
  const through = spine({ latents, values, period });
  const point = (i: number) => ({
    code: [...latents.subarray(i * d, (i + 1) * d)],
    value: values[i] as number,
  });
  return pairs.map(([a, b]) => dataPath(through, point(a), point(b)));
}

/** What the decoder shows along the geodesic and along the straight line of one pair. */
async function tracksOf(
  cache: ProgramCache,
  { decoder }: Subject,
  { curve, from, to, length, straightLength, velocity }: GeodesicResult,
): Promise<{ geodesic: Track; straight: Track }> {
  const straight = straightCurve(from, to, 401);
  const seen = (path: Curve): Promise<Float32Array> =>
    decodeAt(cache, decoder, pointsAlong(path, observations));
  return {
    geodesic: { length, observations: await seen(curve), velocity },
    straight: {
      length: straightLength,
      observations: await seen(straight),
      velocity: await velocityAlong(cache, decoder, straight),
    },
  };
}
