/** @file `pullback reproduce`: experiments of the paper, with their figures and numbers. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { loadDataset } from "../datasets/index.ts";
import { dataFor } from "../datasets/locate.ts";
import { nativeEngine } from "../engine/onnxruntime.ts";
import type { Experiment } from "../experiments/experiment.ts";
import { experiments } from "../experiments/index.ts";
import { overview } from "../experiments/overview.ts";
import { trainingPace } from "../experiments/pace.ts";
import type { ReproduceOptions } from "../experiments/reproduce.ts";
import { reproduceExperiment } from "../experiments/reproduce.ts";
import type { Outcome } from "../experiments/run.ts";
import { claimFile } from "../files/write.ts";
import { duration } from "../jobs/estimate.ts";
import type { KeyNumber } from "../report/page.ts";
import type { Report, Terminal } from "./command.ts";
import { command } from "./command.ts";
import type { CommonValues } from "./options.ts";
import { argument, oneOf, option, path, wholeNumber } from "./options.ts";
import { cores, sideBySide } from "./side-by-side.ts";

const experimentNames = Object.keys(experiments) as Experiment["name"][];
const names = [...experimentNames, "all"] as const;
/** Begun in this order, the longest first. */
const longestFirst = ["pendulum", "mnist", "human-motion", "robot-arm"] as const;

export const reproduce = command({
  name: "reproduce",
  summary: "an experiment of the paper, with its figures and its numbers beside ours",
  arguments: {
    experiment: argument(
      `one of ${names.join(", ")} (default: all)`,
      v.optional(oneOf(names), "all"),
    ),
  },
  options: {
    out: option("DIR", "folder to write; its models are used again where they fit", path),
    preset: option(
      "NAME",
      "quick, or paper for the setup of the paper",
      v.optional(oneOf(["quick", "paper"]), "quick"),
    ),
    data: option(
      "DIR",
      "folder with data: human-motion: subject 35 of CMU, there or in cmu35; mnist: its files, there or in mnist-binarized",
      v.optional(path),
    ),
    pairs: option("N", "random pairs of codes to connect", v.optional(wholeNumber(2), "100")),
    seeds: option(
      "N",
      "models, each from a seed of its own, that tell the spread (default: quick 3, paper 1)",
      v.optional(wholeNumber()),
    ),
    workers: option(
      "N",
      "experiments at once, with all (default: 2 where there are cores)",
      v.optional(wholeNumber()),
    ),
  },
  run: ({ arguments: { experiment }, options, ...terminal }) =>
    experiment === "all" ? runAll(options, terminal) : runOne(experiment, options, terminal),
});

type Given = Omit<ReproduceOptions, "engine"> &
  CommonValues & { readonly workers?: number | undefined };

async function runOne(
  name: Experiment["name"],
  options: Given,
  terminal: Terminal,
): Promise<Report> {
  const engine = nativeEngine(options);
  try {
    if (options.preset === "paper") await announce(name, { ...options, engine }, terminal);
    const { page, key, numbers } = await reproduceExperiment(
      name,
      { ...options, engine },
      terminal,
    );
    return {
      text: [...lines(name, key), page].join("\n"),
      json: { pages: [page], [name]: numbers, key: { [name]: key } },
    };
  } finally {
    await engine.dispose();
  }
}

/** What `reproduce NAME --json` prints. */
type Printed = Readonly<Record<Experiment["name"], Outcome["numbers"]>> & {
  readonly pages: readonly string[];
  readonly key: Readonly<Record<Experiment["name"], readonly KeyNumber[]>>;
};

/** Each experiment as a command of its own, and a page that leads to them. */
async function runAll(options: Given, terminal: Terminal): Promise<Report> {
  const { out, overwrite } = options;
  const index = await claimFile(join(out, "index.html"), { overwrite });
  const json = await claimFile(join(out, "numbers.json"), { overwrite });
  const chosen = withData(options.data, terminal.note);
  if (options.preset === "paper") {
    const engine = nativeEngine(options);
    for (const name of chosen)
      await announce(name, { ...options, out: join(out, name), engine }, terminal);
    await engine.dispose();
  }
  const { workers, threads } = cores(options.workers, options.threads, chosen.length);
  const begun = longestFirst.filter((name) => chosen.includes(name));
  const printed = (await sideBySide(
    begun.map((name) => commandLine(name, { ...options, threads })),
    workers,
    terminal.signal,
  )) as readonly Printed[];
  const entries = await Promise.all(
    chosen.map(async (name) => {
      const { key, [name]: numbers } = printed[begun.indexOf(name)] as Printed;
      const map = await readFile(join(out, name, "map.svg"), "utf8");
      return { name, experiment: experiments[name], key: key[name], numbers, map };
    }),
  );
  const numbers = Object.fromEntries(entries.map((entry) => [entry.name, entry.numbers]));
  await json.write(`${JSON.stringify(numbers, null, 2)}\n`);
  await index.write(overview(entries));
  const pages = [index.path, ...chosen.map((name) => join(out, name, "index.html"))];
  return {
    text: [...entries.flatMap(({ name, key }) => lines(name, key)), ...pages].join("\n"),
    json: {
      pages,
      ...numbers,
      key: Object.fromEntries(entries.map(({ name, key }) => [name, key])),
    },
  };
}

function commandLine(name: Experiment["name"], options: Given): string[] {
  const given = (flag: string, value: string | number | undefined): string[] =>
    value === undefined ? [] : [flag, String(value)];
  return [
    ...["reproduce", name, "--out", join(options.out, name)],
    ...given("--preset", options.preset),
    ...given("--data", options.data),
    ...given("--pairs", options.pairs),
    ...given("--seeds", options.seeds),
    ...given("--seed", options.seed),
    ...given("--device", options.device),
    ...given("--threads", options.threads),
    ...(options.overwrite ? ["--overwrite"] : []),
  ];
}

/** All experiments but those whose data nobody gave. */
function withData(data: string | undefined, note: Terminal["note"]): Experiment["name"][] {
  if (data !== undefined) return experimentNames;
  note(
    "human-motion is left out: it needs --data with subject 35 of the CMU Graphics Lab Motion Capture Database, mocap.cs.cmu.edu",
  );
  return experimentNames.filter((name) => name !== "human-motion");
}

/** Says how long the training of the paper's setup will take, before it begins. */
async function announce(
  name: Experiment["name"],
  { out, preset, seed, seeds = 1, engine, ...options }: ReproduceOptions,
  { note, signal }: Terminal,
): Promise<void> {
  if (existsSync(join(out, "model", "model.json"))) return;
  const dataset = await loadDataset(name, { data: dataFor(name, options.data), seed });
  const { steps, seconds } = await trainingPace({
    ...{ dataset, kind: name, preset, seed, engine, signal },
  });
  const models = seeds > 1 ? `${seeds} models of ` : "";
  note(
    `${name}: training takes about ${duration(seconds * seeds)} (${models}${steps} steps); interrupted, the same command goes on`,
  );
}

function lines(name: Experiment["name"], key: readonly KeyNumber[]): string[] {
  const longest = Math.max(...key.map(({ value }) => value.length));
  return [name, ...key.map(({ value, label }) => `  ${value.padStart(longest)}  ${label}`), ""];
}
