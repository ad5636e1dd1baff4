/** @file What a solve answers: the curve, its length, and how good they are. */
import type { GeodesicResult, GeodesicsResult, Status } from "../format/result.ts";
import type { TracePoint } from "./solver.ts";

/** A geodesic between two points with its certificate. Points in latent space, flat. */
export interface Geodesic extends Omit<GeodesicResult, Vectors | "curve"> {
  readonly from: Float64Array;
  readonly to: Float64Array;
  /** Derivative of the length by the end points, [d]; zeros for equal end points. */
  readonly gradientFrom: Float64Array;
  readonly gradientTo: Float64Array;
  /** Nodes at equal parameter steps, [N + 1, d]. */
  readonly curve: Float64Array;
  /** Speed at the nodes (Eq. 11), [N + 1]; its mean is the length. */
  readonly velocity: Float64Array;
  /** Length over the iterations, where the solver was asked to keep it. */
  readonly trace?: readonly TracePoint[];
}

type Vectors = "from" | "to" | "gradientFrom" | "gradientTo" | "velocity";

const sentences: Readonly<Record<Status, string>> = {
  converged: "The energy is stationary to the tolerance.",
  maxIterations:
    "The greatest number of iterations was reached before the tolerance; allow more iterations, or accept the residual that is stated.",
  stalled:
    "No step decreases the energy any more although the tolerance is not reached; use --float64, another start, or a larger tolerance.",
  nonFinite:
    "The decoder gave NaN or an infinite number on this curve; check that both end points lie where the decoder was trained.",
};

/** What a converged curve says whose length is not known to the tolerance. */
export function unresolved(error: number, tolerance: number): string {
  return `The energy is stationary, but its length may be off by ${error.toExponential(0)}, relative, and the tolerance is ${tolerance.toExponential(0)}; allow more segments, or accept the error that is stated.`;
}

/** What a status means, with advice; and where numbers end, where that is known. */
export function explain(status: Status, cause?: string | null): string {
  return status === "nonFinite" && cause
    ? `${sentences[status]} First: ${cause}.`
    : sentences[status];
}

const known = <K extends keyof Geodesic>(geodesic: Geodesic, keys: readonly K[]) =>
  Object.fromEntries(
    keys.flatMap((key) => (geodesic[key] === undefined ? [] : [[key, geodesic[key]]])),
  ) as Partial<Pick<Geodesic, K>>;

/** Geodesics in the form of the result file. */
export function toResult(
  geodesics: readonly Geodesic[],
  about: Omit<GeodesicsResult, "geodesics">,
): GeodesicsResult {
  const { seconds, ...rest } = about;
  const d = about.latentDimension;
  return {
    ...rest,
    geodesics: geodesics.map((geodesic) => ({
      from: [...geodesic.from],
      to: [...geodesic.to],
      length: geodesic.length,
      straightLength: geodesic.straightLength,
      ...known(geodesic, [
        "smoothedLength",
        "smoothedStraightLength",
        "expectedLength",
        "expectedStraightLength",
      ]),
      chordLength: geodesic.chordLength,
      discretisationError: geodesic.discretisationError,
      status: geodesic.status,
      message: geodesic.message,
      iterations: geodesic.iterations,
      residual: geodesic.residual,
      speedSpread: geodesic.speedSpread,
      localMinimum: geodesic.localMinimum,
      start: geodesic.start,
      gradientFrom: [...geodesic.gradientFrom],
      gradientTo: [...geodesic.gradientTo],
      curve: Array.from({ length: geodesic.curve.length / d }, (_, i) => [
        ...geodesic.curve.subarray(i * d, (i + 1) * d),
      ]),
      velocity: [...geodesic.velocity],
    })),
    seconds,
  };
}
