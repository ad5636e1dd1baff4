/** @file A model small enough to compute by hand, and findings about it that need no solver. */
import type { GeodesicResult, GeodesicsResult, ModelDescription } from "pullback-core";
import { concat, cos, decoder, graph, input, random, sin } from "pullback-core";
import type { IndexPairs, Subject } from "../../../packages/pullback/src/report/findings.ts";

/** The Clifford torus: lengths are those of latent space, MF is 1 everywhere. */
export function torus(): Subject["decoder"] {
  const z = input("z", "float32", ["n", 2]);
  return decoder(graph([z], { mean: concat([cos(z), sin(z)], 1) }));
}

export const description: ModelDescription = {
  format: 1,
  name: "torus <1>",
  latentDimension: 2,
  dataDimension: 4,
  observationShape: [2, 2],
  drawing: { kind: "image", channels: 1 },
  likelihood: "gaussian",
  preset: "quick",
  seed: 7,
  value: { name: "angle", unit: "°", period: 360 },
  training: {
    steps: 2500,
    seconds: 61.2,
    bound: 316.5,
    sigma: 0.0512,
    heldOut: { logLikelihood: 320.25, standardError: 0.75, observations: 1000, samples: 5000 },
  },
};

const n = 60;
const { normal, uniform } = random(1, "example");

export const subject: Subject = {
  folder: "torus",
  description,
  decoder: torus(),
  latents: Float32Array.from({ length: 2 * n }, () => normal()),
  values: Float32Array.from({ length: n }, () => 360 * uniform()),
  training: { steps: [0, 10, 20, 30], bounds: [1, 2, 3, 3.5] },
};

export const pairs: IndexPairs = Array.from({ length: 8 }, (_, i) => [2 * i, 2 * i + 1] as const);

/** Straight lines given out as geodesics, some of them shorter than their "straight" length. */
export const result: GeodesicsResult = {
  decoder: "torus",
  latentDimension: 2,
  dataDimension: 4,
  metric: "pullback",
  solver: "gauss-newton",
  geodesics: pairs.map(([a, b], i) => geodesic(point(a), point(b), 1 + i / 8)),
  seconds: { load: 0, compile: 0, start: 0.25, solve: 0.5 },
};

function point(i: number): number[] {
  return [...subject.latents.subarray(2 * i, 2 * i + 2)];
}

function geodesic(from: number[], to: number[], excess: number): GeodesicResult {
  const length = Math.hypot(...from.map((a, k) => a - (to[k] as number)));
  const at = (t: number): number[] => from.map((a, k) => a + t * ((to[k] as number) - a));
  return {
    from,
    to,
    length,
    straightLength: excess * length,
    chordLength: 0.9 * length,
    discretisationError: 1e-6,
    status: "converged",
    message: "converged",
    iterations: 3,
    residual: 1e-9,
    speedSpread: 1,
    localMinimum: true,
    start: "grid",
    gradientFrom: [0, 0],
    gradientTo: [0, 0],
    curve: [0, 0.25, 0.5, 0.75, 1].map(at),
    velocity: Array(5).fill(length),
  };
}
