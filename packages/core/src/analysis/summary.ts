/** @file What a set of connected pairs says in a few numbers. */
import type { GeodesicResult } from "../format/result.ts";
import { mean, median, quantile } from "./statistics.ts";

export interface PairsSummary {
  readonly pairs: number;
  readonly meanLength: number;
  readonly medianLength: number;
  readonly meanStraightLength: number;
  readonly medianStraightLength: number;
  /** Mean length over mean straight length. */
  readonly ratio: number;
  /** Share of the pairs that converged. */
  readonly converged: number;
  readonly medianResidual: number;
  readonly largestResidual: number;
  /** Pairs whose geodesic is longer than their straight line, beyond its own error. */
  readonly longerThanStraight: number;
}

export function summarise(geodesics: readonly GeodesicResult[]): PairsSummary {
  const lengths = geodesics.map(({ length }) => length);
  const straight = geodesics.map(({ straightLength }) => straightLength);
  const residuals = geodesics.map(({ residual }) => residual);
  return {
    pairs: geodesics.length,
    meanLength: mean(lengths),
    medianLength: median(lengths),
    meanStraightLength: mean(straight),
    medianStraightLength: median(straight),
    ratio: mean(lengths) / mean(straight),
    converged: mean(geodesics.map(({ status }) => (status === "converged" ? 1 : 0))),
    medianResidual: median(residuals),
    largestResidual: Math.max(...residuals),
    longerThanStraight: geodesics.filter(
      ({ length, straightLength, discretisationError }) =>
        length > straightLength * (1 + 1e-6 + discretisationError),
    ).length,
  };
}

/**
 * The pair that a picture shows: of the longer half of those that converged, the one whose straight
 * line exceeds its geodesic by the upper quartile of all such ratios. A clear case, not the best.
 */
export function telling(geodesics: readonly GeodesicResult[]): number {
  const of = (i: number): GeodesicResult => geodesics[i] as GeodesicResult;
  const ratio = (i: number): number => of(i).straightLength / of(i).length;
  const all = geodesics.map((_, i) => i);
  const usable = all.filter((i) => of(i).length > 0 && Number.isFinite(ratio(i)));
  const converged = usable.filter((i) => of(i).status === "converged");
  const candidates = converged.length ? converged : usable;
  if (!candidates.length) return 0;
  const middle = median(candidates.map((i) => of(i).length));
  const longer = candidates.filter((i) => of(i).length >= middle);
  const wanted = quantile(longer.map(ratio), 0.75);
  return longer.reduce((best, i) =>
    Math.abs(ratio(i) - wanted) < Math.abs(ratio(best) - wanted) ? i : best,
  );
}
