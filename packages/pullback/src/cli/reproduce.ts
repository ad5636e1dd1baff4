/** @file `pullback reproduce`: experiments of the paper, with their figures and numbers. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "pullback-core";
import { InputError } from "pullback-core";
import * as v from "valibot";
import { loadDataset } from "../datasets/index.ts";
import { dataFor } from "../datasets/locate.ts";
import { nativeEngine } from "../engine/onnxruntime.ts";
import type { Experiment } from "../experiments/experiment.ts";
import { experiments } from "../experiments/index.ts";
import { overview } from "../experiments/overview.ts";
import { trainingPace } from "../experiments/pace.ts";
import type { Outcome } from "../experiments/run.ts";
import { runExperiment } from "../experiments/run.ts";
import { trainModel } from "../experiments/train-model.ts";
import type { FileClaim } from "../files/write.ts";
import { claimFile } from "../files/write.ts";
import { duration } from "../jobs/estimate.ts";
import type { Terminal } from "./command.ts";
import { command } from "./command.ts";
import { argument, oneOf, option, path, wholeNumber } from "./options.ts";
import { progressBars } from "./train.ts";

const experimentNames = Object.keys(experiments) as Experiment["name"][];
const names = [...experimentNames, "all"] as const;

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
  },
  async run({ arguments: { experiment: name }, options, ...terminal }) {
    const several = name === "all";
    const chosen = several ? withData(options.data, terminal.note) : [name];
    const folder = (each: string): string => (several ? join(options.out, each) : options.out);
    const top = several ? await claimTop(options.out, options) : undefined;
    const engine = nativeEngine(options);
    const outcomes: Outcome[] = [];
    try {
      if (options.preset === "paper")
        for (const each of chosen)
          await announce(each, folder(each), { ...options, engine }, terminal);
      for (const each of chosen)
        outcomes.push(await runOne(each, folder(each), { ...options, engine }, terminal));
    } finally {
      await engine.dispose();
    }
    const numbers = Object.fromEntries(outcomes.map((o) => [o.experiment.name, o.numbers]));
    if (top) {
      await top.json.write(`${JSON.stringify(numbers, null, 2)}\n`);
      await top.index.write(overview(outcomes));
    }
    const pages = [...(top ? [top.index.path] : []), ...outcomes.map(({ page }) => page)];
    return { text: [...outcomes.flatMap(lines), ...pages].join("\n"), json: { pages, ...numbers } };
  },
});

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
  out: string,
  { preset, seed, seeds = 1, engine, ...options }: RunOneOptions,
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

interface RunOneOptions {
  readonly preset: "quick" | "paper";
  readonly data?: string | undefined;
  readonly seed: number;
  readonly seeds?: number | undefined;
  readonly pairs: number;
  readonly overwrite: boolean;
  readonly engine: Engine;
}

function runOne(
  name: Experiment["name"],
  out: string,
  options: RunOneOptions,
  terminal: Terminal,
): Promise<Outcome> {
  const { signal, note } = terminal;
  const { preset, seed, pairs, overwrite, engine } = options;
  const progress: Terminal["progress"] = (of) =>
    terminal.progress({ ...of, label: `${name}: ${of.label}` });
  const dataset = (which: number) =>
    loadDataset(name, { data: dataFor(name, options.data), seed: which });
  const train = async (folder: string, which: number, replace: boolean): Promise<void> => {
    const bars = progressBars({ progress }, which === seed ? "" : `seed ${which}: `);
    const result = await trainModel({
      dataset: await dataset(which),
      kind: name,
      ...{ preset, seed: which, engine, signal, out: folder },
      overwrite: replace,
      // An earlier run may have been interrupted.
      resume: !replace,
      onProgress: bars.show,
    }).finally(() => bars.end());
    if (result.status === "stopped")
      throw new InputError(
        `stopped at step ${result.step}; the same command goes on from ${result.partial}`,
      );
  };
  const seeds = options.seeds ?? (preset === "quick" ? 3 : 1);
  return runExperiment(
    experiments[name],
    { out, preset, seed, seeds, pairs, overwrite, engine, train, dataset, note },
    { signal, progress },
  );
}

async function claimTop(
  out: string,
  { overwrite }: { readonly overwrite: boolean },
): Promise<Readonly<Record<"index" | "json", FileClaim>>> {
  return {
    index: await claimFile(join(out, "index.html"), { overwrite }),
    json: await claimFile(join(out, "numbers.json"), { overwrite }),
  };
}

function lines({ experiment, key }: Outcome): string[] {
  const longest = Math.max(...key.map(({ value }) => value.length));
  return [
    experiment.name,
    ...key.map(({ value, label }) => `  ${value.padStart(longest)}  ${label}`),
    "",
  ];
}
