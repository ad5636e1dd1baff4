/**
 * @file `pullback plan`: a motion between two poses along what a model learned, and the straight latent
 * line's motion beside it.
 */
import type { Limits, Metric, Motion, Plan, Violation } from "pullback-core";
import {
  armLimits,
  columnNames,
  metricOf,
  plan as planMotion,
  programCache,
  readLimits,
  writeCsv,
} from "pullback-core";
import * as v from "valibot";
import { nativeEngine } from "../engine/onnxruntime.ts";
import type { Model } from "../files/model-folder.ts";
import { readEncoder, readModel } from "../files/model-folder.ts";
import { readBytes, readObservations } from "../files/read.ts";
import { naming } from "../files/reason.ts";
import { claimFile } from "../files/write.ts";
import { command } from "./command.ts";
import { argument, oneOf, option, parsed, path, wholeNumber } from "./options.ts";

const csvPath = parsed("a path that ends in .csv", (text) =>
  /[^/\\]\.csv$/i.test(text) ? text : undefined,
);

export const plan = command({
  name: "plan",
  summary: "plan a motion between two poses along what the model learned",
  arguments: { model: argument("model folder with an encoder", path) },
  options: {
    from: option("FILE", "pose to start at, in the units of the data (.csv, .npy)", path),
    to: option("FILE", "pose to end at", path),
    via: option("FILE", "poses to go through, a row each, in this order", v.optional(path)),
    metric: option(
      "NAME",
      "expected (keeps to the data; default where a model says what its noise is) or pullback",
      v.optional(oneOf(["expected", "pullback"])),
    ),
    limits: option(
      "FILE",
      "joint,lower,upper,velocity (.csv); an arm has its own positions",
      v.optional(path),
    ),
    points: option("N", "rows to write, at equal steps of time", v.optional(wholeNumber(2), "201")),
    out: option("FILE", "motion to write, .csv; FILE-straight.csv is written beside it", csvPath),
  },
  async run({ arguments: { model: modelPath }, options, signal, progress }) {
    const straightOut = options.out.replace(/\.csv$/i, "-straight$&");
    const target = await claimFile(options.out, options);
    const straightTarget = await claimFile(straightOut, options);
    const model = await readModel(modelPath, options.set);
    const { description, decoder, latents } = model;
    const encoder = await readEncoder(model);
    const names = columnNames(description.drawing, description.dataDimension);
    const poses = await posesOf(options, model);
    const limits = await limitsOf(options.limits, model, names);
    const metric = metricFor(options.metric, model, options.seed);
    const engine = nativeEngine(options);
    const bar = progress({ label: "plan", total: 100, unit: "%" });
    try {
      const planned = await planMotion({
        cache: programCache(engine),
        ...{ description, decoder, encoder, metric, poses, limits, signal },
        latents: latents && Float64Array.from(latents.data),
        count: options.points,
        seed: options.seed,
        onProgress: (share) => bar.update(Math.round(100 * share)),
      });
      await target.write(csv(planned.geodesic, names));
      await straightTarget.write(csv(planned.straight, names));
      const about = { planned, metric, names, limits, out: options.out, straightOut };
      return { text: summary(about), json: facts(about) };
    } finally {
      bar.end();
      await engine.dispose();
    }
  },
});

/** In G alone a way may leave the data where that is short; a motion should not. */
function metricFor(
  given: "expected" | "pullback" | undefined,
  { decoder, description, latents }: Model,
  seed: number,
): Metric {
  const { likelihood, training } = description;
  const noise = likelihood === "bernoulli" || training?.sigma !== undefined;
  const name = given ?? (latents && noise ? "expected" : "pullback");
  const known = { codes: latents?.data, likelihood, sigma: training?.sigma, seed };
  return metricOf(decoder, { name }, known);
}

/** First, via, last: [k, D]. */
async function posesOf(
  { from, via, to }: { readonly from: string; readonly via?: string; readonly to: string },
  { description }: Model,
): Promise<Float64Array> {
  const { observationShape: shape } = description;
  const files = [
    await readObservations(from, shape, 1),
    ...(via === undefined ? [] : [await readObservations(via, shape)]),
    await readObservations(to, shape, 1),
  ];
  return Float64Array.from(files.flatMap((rows) => [...rows]));
}

/** Those of the file; for a robot arm without one, the ranges of its joints. */
async function limitsOf(
  file: string | undefined,
  { description }: Model,
  names: readonly string[],
): Promise<Limits | undefined> {
  if (file === undefined) return description.drawing.kind === "arm" ? armLimits() : undefined;
  const bytes = await readBytes(file);
  return naming(file, () => readLimits(new TextDecoder().decode(bytes), names));
}

function csv({ rows, D, times }: Motion, names: readonly string[]): string {
  const lines = Array.from(times, (time, i) => [time, ...rows.subarray(i * D, (i + 1) * D)]);
  return writeCsv(lines, ["time", ...names]);
}

interface About {
  readonly planned: Plan;
  readonly metric: Metric;
  readonly names: readonly string[];
  readonly limits: Limits | undefined;
  readonly out: string;
  readonly straightOut: string;
}

function facts({ planned, metric, names, limits, out, straightOut }: About) {
  const { geodesic, straight, waypoints, geodesics } = planned;
  const of = ({ length, times, stray, toolStray, violations }: Motion) => ({
    length,
    duration: times.at(-1) as number,
    stray,
    toolStray,
    violations,
  });
  return {
    out,
    straightOut,
    rows: geodesic.times.length,
    metric: metric.name,
    timing: limits?.velocity ? "velocity limits" : "constant speed",
    geodesic: of(geodesic),
    straight: of(straight),
    waypoints: waypoints.map(({ latent, miss }) => ({
      latent,
      miss: Object.fromEntries(names.map((name, k) => [name, miss[k]])),
    })),
    legs: geodesics.map(({ status, message, length, straightLength, discretisationError }) => ({
      ...{ status, message, length, straightLength, discretisationError },
    })),
  };
}

function summary(about: About): string {
  const { planned, metric, names, limits, out, straightOut } = about;
  const { geodesic, straight, waypoints, geodesics } = planned;
  const last = waypoints.length - 1;
  const failed = geodesics.find(({ status }) => status !== "converged");
  return [
    `geodesic       ${inWords(geodesic, limits)} (${metric.name} metric)`,
    `straight line  ${inWords(straight, limits)}`,
    ...waypoints.map(
      ({ miss }, i) =>
        `${i === 0 ? "starts" : i === last ? "ends  " : "via   "} off the pose by ${missInWords(miss, names)}`,
    ),
    ...geodesic.violations.map((violation) => violationInWords(violation)),
    ...straight.violations.map((violation) => `straight line: ${violationInWords(violation)}`),
    ...(limits && geodesic.violations.length === 0 ? ["limits hold"] : []),
    ...(failed ? [`${failed.status}: ${failed.message}`] : []),
    `wrote ${out} and ${straightOut}`,
  ].join("\n");
}

const digits = (value: number): string => String(Number(value.toPrecision(3)));

function inWords({ length, times, stray, toolStray }: Motion, limits: Limits | undefined): string {
  const parts = [`length ${length.toPrecision(4)}`];
  if (limits?.velocity) parts.push(`${digits(times.at(-1) as number)} s at the velocity limits`);
  if (toolStray !== null) parts.push(`tool at most ${digits(toolStray)} m from the data`);
  else if (stray !== null) parts.push(`at most ${digits(stray)} from the data`);
  return parts.join(", ");
}

/** Every joint where they are few, otherwise the one that is off most. */
function missInWords(miss: readonly number[], names: readonly string[]): string {
  const all = miss.map((value, k) => `${names[k]} ${digits(value)}`);
  if (all.length <= 12) return all.join(", ");
  const most = miss.reduce((a, b, k) => (Math.abs(b) > Math.abs(miss[a] as number) ? k : a), 0);
  return `${all[most]} at most`;
}

function violationInWords({ joint, bound, limit, value, time, from, to }: Violation): string {
  const side = bound === "upper" ? "above" : "below";
  return `${joint} is ${digits(Math.abs(value - limit))} ${side} its ${bound} limit of ${digits(limit)} at time ${digits(time)} (beyond it from ${digits(from)} to ${digits(to)})`;
}
