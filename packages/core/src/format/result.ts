/** @file The contract of `pullback geodesics --out`: every curve with its certificate. */
import * as v from "valibot";

const point = v.array(v.number());

/** How a solve ended; `geodesic/solution.ts` has the sentence that goes with each. */
export const Status = v.picklist(["converged", "maxIterations", "stalled", "nonFinite"]);
export type Status = v.InferOutput<typeof Status>;

export const GeodesicResult = v.object({
  from: point,
  to: point,
  /** Integral of the speed along the returned curve; in G for the metrics pullback, smoothed, expected. */
  length: v.number(),
  /** Length of the straight latent line: an upper bound of the distance. */
  straightLength: v.number(),
  /** Of the curve and of the straight line in the smoothed metric, where that was asked for. */
  smoothedLength: v.optional(v.number()),
  smoothedStraightLength: v.optional(v.number()),
  /** The same in the expected metric. */
  expectedLength: v.optional(v.number()),
  expectedStraightLength: v.optional(v.number()),
  /** Distance of the decoded end points: a lower bound of the distance. */
  chordLength: v.number(),
  discretisationError: v.number(),
  status: Status,
  message: v.string(),
  iterations: v.number(),
  /** Newton decrement squared over energy. */
  residual: v.number(),
  /** Greatest over smallest speed along the curve; 1 at constant speed. */
  speedSpread: v.number(),
  /** Inertia of the full Hessian; null where it is not defined (kinked decoders). */
  localMinimum: v.nullable(v.boolean()),
  start: v.string(),
  gradientFrom: point,
  gradientTo: point,
  /** Points of the curve at equal parameter steps, in latent space. */
  curve: v.array(point),
  /** Speed (Eq. 11) at the points of `curve`. */
  velocity: v.array(v.number()),
});
export type GeodesicResult = v.InferOutput<typeof GeodesicResult>;

export const GeodesicsResult = v.object({
  decoder: v.string(),
  latentDimension: v.number(),
  dataDimension: v.number(),
  metric: v.string(),
  solver: v.string(),
  geodesics: v.array(GeodesicResult),
  seconds: v.object({
    load: v.number(),
    compile: v.number(),
    start: v.number(),
    solve: v.number(),
  }),
});
export type GeodesicsResult = v.InferOutput<typeof GeodesicsResult>;
