/** @file Pairs of latent points to the contents of a result file: decoder in, certificates out. */

import { evaluator } from "../curve/evaluator.ts";
import type { Measure } from "../curve/length.ts";
import { measure } from "../curve/length.ts";
import { straightNodes } from "../curve/polyline.ts";
import type { ProgramCache } from "../engine/cache.ts";
import { withPrograms } from "../engine/cache.ts";
import type { GeodesicsResult } from "../format/result.ts";
import type { Metric } from "../metric/metric.ts";
import { pullback } from "../metric/metric.ts";
import type { Decoder } from "../model/decoder.ts";
import type { Start } from "../start/index.ts";
import { autoStarts, graphStart, gridStart } from "../start/index.ts";
import type { ConnectOptions } from "./connect.ts";
import { connect } from "./connect.ts";
import type { Geodesic } from "./solution.ts";
import { toResult } from "./solution.ts";

export interface SolvePairsOptions extends Omit<ConnectOptions, "metric"> {
  readonly decoder: Decoder;
  /** Whose lengths are minimised; the pull-back metric G by default. */
  readonly metric?: Metric;
  /** Name of the decoder, for the result. */
  readonly name: string;
  /** Seconds that loading the decoder took. */
  readonly loadSeconds?: number;
}

/**
 * Connects pairs in a metric of a decoder. Curves that are
 * shortest in the smoothed or the expected metric are measured in G as well: both are G, changed.
 * Throws what `connect` throws.
 */
export function solvePairs(options: SolvePairsOptions): Promise<GeodesicsResult> {
  return withPrograms(options, (cache) => solveWith(cache, options));
}

async function solveWith(
  cache: ProgramCache,
  { decoder, name, loadSeconds = 0, metric = pullback(decoder), ...rest }: SolvePairsOptions,
): Promise<GeodesicsResult> {
  const given = Object.entries(rest).filter(([, value]) => value !== undefined);
  const options = { ...(Object.fromEntries(given) as typeof rest), cache, metric };
  const { geodesics, seconds, ...connection } = await connect({
    starts: startsFor(metric),
    ...options,
  });
  const changed = metric.name === "smoothed" || metric.name === "expected";
  return toResult(changed ? await inBothRulers(geodesics, decoder, options) : geodesics, {
    decoder: name,
    latentDimension: decoder.latentDimension,
    dataDimension: decoder.dataDimension,
    metric: metric.name,
    solver: connection.solver,
    seconds: { load: loadSeconds, ...seconds },
  });
}

/**
 * The starts of `solvePairs` where none are given. They keep their lattices: who asks again in the same metric
 * hands them over.
 */
export function startsFor({ name, dimension: d }: Metric): readonly Start[] {
  // Straight lines lead through the wall around the codes; whatever they end as is rarely the best.
  if (name === "smoothed") return [d === 2 ? gridStart() : graphStart()];
  return autoStarts(d);
}

interface Cached {
  readonly cache: ProgramCache;
}

/** Lengths and velocity in G, and the lengths in the metric that the curves are shortest in. */
async function inBothRulers(
  geodesics: readonly Geodesic[],
  decoder: Decoder,
  { cache, metric, tolerance = 1e-3, signal }: Omit<ConnectOptions, "cache"> & Cached,
): Promise<Geodesic[]> {
  const evaluate = evaluator(cache, pullback(decoder), signal);
  const lines = geodesics.map(({ from, to }) => straightNodes(from, to, 64));
  const curves = geodesics.map(({ curve }) => curve);
  const measures = await measure(evaluate, [...curves, ...lines], tolerance / 4);
  const chords = await evaluate.chordLengths(
    geodesics.map(({ from, to }) => straightNodes(from, to, 1)),
  );
  const own = metric.kind === "tensor" && metric.ruler ? metric.ruler : metric;
  const within = await measure(evaluator(cache, own, signal), [...curves, ...lines], tolerance / 4);
  return geodesics.map((geodesic, i) => {
    const { length, velocity } = measures[i] as Measure;
    const ownLength = (within[i] as Measure).length;
    const ownStraight = (within[geodesics.length + i] as Measure).length;
    return {
      ...geodesic,
      length,
      velocity,
      straightLength: (measures[geodesics.length + i] as Measure).length,
      chordLength: chords[i]?.[0] as number,
      ...(metric.name === "smoothed"
        ? { smoothedLength: ownLength, smoothedStraightLength: ownStraight }
        : { expectedLength: ownLength, expectedStraightLength: ownStraight }),
    };
  });
}
