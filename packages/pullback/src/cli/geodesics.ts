/** @file `pullback geodesics`: connects pairs of latent points, each curve with its certificate. */
import type { Boundary, GeodesicsResult, Solver } from "pullback-core";
import {
  decoder as decoderOf,
  gaussNewton,
  georce,
  kinkWarning,
  metricNames,
  metricOf,
  neural,
  neuralDefaults,
  newton,
  solvePairs,
  spline,
  withPrecision,
} from "pullback-core";
import * as v from "valibot";
import { nativeEngine } from "../engine/onnxruntime.ts";
import { readModel } from "../files/model-folder.ts";
import { readMatrix } from "../files/read.ts";
import { claimFile } from "../files/write.ts";
import { command, UsageError } from "./command.ts";
import { argument, flag, number, oneOf, option, path, wholeNumber } from "./options.ts";
import { startNames, startsOf } from "./starts.ts";

export const geodesics = command({
  name: "geodesics",
  summary: "connect pairs of latent points by geodesics",
  arguments: { model: argument("model folder or decoder .onnx", path) },
  options: {
    pairs: option("FILE", "rows z0 then z1, 2 d numbers each (.csv, .npy)", path),
    out: option("FILE", "result to write, JSON", path),
    solver: option(
      "NAME",
      "spline (Newton among smooth curves, the default), gauss-newton, newton or georce (free nodes), neural: the curve network of the paper, far slower",
      v.optional(oneOf(["spline", "gauss-newton", "newton", "georce", "neural"])),
    ),
    boundary: option(
      "NAME",
      "neural: how its curves meet the end points, paper (Eq. 13, 14) or additive (default)",
      v.optional(oneOf(["paper", "additive"])),
    ),
    iterations: option(
      "N",
      `neural: steps of training at most (default: ${neuralDefaults.iterations})`,
      v.optional(wholeNumber()),
    ),
    start: option(
      "NAME",
      "all but neural: first guess, straight, bezier (two random curves), grid or front (d = 2: shortest ways over a lattice), graph (over the codes), previous (curves of --previous), auto (several: a little is spent on each and the rest on what may win) (default: auto)",
      v.optional(oneOf(startNames)),
    ),
    previous: option(
      "FILE",
      "a result for as many pairs in the same order, whose curves are moved to these and solved again",
      v.optional(path),
    ),
    metric: option(
      "NAME",
      "pullback (J^T J), smoothed (Eq. 17, with --lambda), expected (grows away from the data), fisher-rao",
      v.optional(oneOf(metricNames), "pullback"),
    ),
    lambda: option(
      "X",
      "smoothed: lambda of Eq. 17, in the unit of G squared",
      v.optional(number()),
    ),
    rank: option("R", "smoothed: singular values kept (default: all)", v.optional(wholeNumber())),
    spread: option(
      "X",
      "expected: how far from the codes the model is still sure, in widths of their clusters (default: 2)",
      v.optional(number({ positive: true })),
    ),
    tolerance: option(
      "X",
      "relative error of the length (default: 1e-3, with --float64 1e-7)",
      v.optional(number({ positive: true })),
    ),
    segments: option(
      "N",
      "segments of a curve at most (default: 400, at smaller tolerances more, up to 6400)",
      v.optional(wholeNumber(25)),
    ),
    float64: flag("compute in double precision"),
  },
  async run({ arguments: { model }, options, signal, progress, note }) {
    const solver = solverOf(options);
    const target = await claimFile(options.out, options);
    const loading = performance.now();
    const { description, latents, ...opened } = await readModel(model, options.set);
    const decoder = options.float64
      ? decoderOf(withPrecision(opened.decoder.graph, "float64"))
      : opened.decoder;
    const loadSeconds = (performance.now() - loading) / 1000;
    if (solver?.kind === "curves" && decoder.kinked) note(kinkWarning);
    const pairs = await readMatrix(options.pairs, "float64", 2 * decoder.latentDimension);
    const count = pairs.shape[0] as number;
    const guesses = await startsOf(options, count, decoder.latentDimension);
    const bar = progress({ label: "geodesics", total: count, unit: "pairs" });
    const engine = nativeEngine(options);
    try {
      const result = await solvePairs({
        engine,
        decoder,
        name: description.name,
        pairs: pairs.data,
        latents: latents && Float64Array.from(latents.data),
        solver,
        metric: metricOf(
          decoder,
          {
            name: options.metric,
            lambda: options.lambda,
            rank: options.rank,
            spread: options.spread,
          },
          {
            codes: latents?.data,
            likelihood: description.likelihood,
            sigma: description.training?.sigma,
            seed: options.seed,
          },
        ),
        starts: guesses,
        tolerance: options.tolerance ?? (options.float64 ? 1e-7 : 1e-3),
        segments: options.segments ? { first: 25, most: options.segments } : undefined,
        seed: options.seed,
        loadSeconds,
        signal,
        onProgress: (share) => bar.update(Math.round(share * count)),
      });
      bar.end();
      await target.write(`${JSON.stringify(result)}\n`);
      return { text: summary(result, options.out), json: facts(result, options.out) };
    } finally {
      await engine.dispose();
    }
  },
});

/** The solver that is asked for; undefined is the default one. */
function solverOf(given: {
  readonly solver?: "spline" | "gauss-newton" | "newton" | "georce" | "neural" | undefined;
  readonly boundary?: Boundary | undefined;
  readonly iterations?: number | undefined;
}): Solver | undefined {
  const { solver, boundary, iterations } = given;
  if (solver === "neural")
    return neural({ ...(boundary && { boundary }), ...(iterations && { iterations }) });
  for (const [name, value] of Object.entries({ boundary, iterations }))
    if (value !== undefined)
      throw new UsageError(
        `--${name}: expected with --solver neural, got ${solver ? `--solver ${solver}` : "no --solver"}`,
      );
  return solver && { "gauss-newton": gaussNewton, newton, georce, spline }[solver];
}

function facts({ geodesics, seconds }: GeodesicsResult, out: string) {
  const mean = (numbers: readonly number[]): number =>
    numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  return {
    out,
    pairs: geodesics.length,
    converged: geodesics.filter(({ status }) => status === "converged").length,
    meanLength: mean(geodesics.map(({ length }) => length)),
    meanStraightLength: mean(geodesics.map(({ straightLength }) => straightLength)),
    seconds,
  };
}

function summary(result: GeodesicsResult, out: string): string {
  const { pairs, converged, meanLength, meanStraightLength } = facts(result, out);
  const lines = [
    `${pairs} ${pairs === 1 ? "geodesic" : "geodesics"}, ${converged} converged; mean length ${meanLength.toPrecision(5)}, straight ${meanStraightLength.toPrecision(5)}`,
    `wrote ${out}`,
  ];
  const failed = result.geodesics.find(({ status }) => status !== "converged");
  if (failed) lines.splice(1, 0, `${failed.status}: ${failed.message}`);
  return lines.join("\n");
}
