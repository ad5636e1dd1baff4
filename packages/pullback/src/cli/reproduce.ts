/** @file `pullback reproduce`: experiments of the paper, with their figures and numbers. */
import { join } from "node:path";
import type { Engine } from "pullback-core";
import { InputError } from "pullback-core";
import * as v from "valibot";
import { loadDataset } from "../datasets/index.ts";
import { nativeEngine } from "../engine/onnxruntime.ts";
import { experiments } from "../experiments/index.ts";
import { overview } from "../experiments/overview.ts";
import type { Outcome } from "../experiments/run.ts";
import { runExperiment } from "../experiments/run.ts";
import { trainModel } from "../experiments/train-model.ts";
import type { FileClaim } from "../files/write.ts";
import { claimFile } from "../files/write.ts";
import type { Terminal } from "./command.ts";
import { command } from "./command.ts";
import { argument, oneOf, option, path, wholeNumber } from "./options.ts";
import { progressBars } from "./train.ts";

const names = [...Object.keys(experiments), "all"];

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
    out: option("DIR", "folder to write; its model is used again where it fits", path),
    preset: option(
      "NAME",
      "quick, or paper for the setup of the paper",
      v.optional(oneOf(["quick", "paper"]), "quick"),
    ),
    data: option("DIR", "mnist: folder with its idx files", v.optional(path)),
    pairs: option("N", "random pairs of codes to connect", v.optional(wholeNumber(2), "100")),
  },
  async run({ arguments: { experiment: name }, options, ...terminal }) {
    const several = name === "all";
    const chosen = several ? Object.keys(experiments) : [name];
    const folder = (each: string): string => (several ? join(options.out, each) : options.out);
    const top = several ? await claimTop(options.out, options) : undefined;
    const engine = nativeEngine(options);
    const outcomes: Outcome[] = [];
    try {
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

interface RunOneOptions {
  readonly preset: "quick" | "paper";
  readonly data?: string;
  readonly seed: number;
  readonly pairs: number;
  readonly overwrite: boolean;
  readonly engine: Engine;
}

async function runOne(
  name: string,
  out: string,
  options: RunOneOptions,
  terminal: Terminal,
): Promise<Outcome> {
  const experiment = experiments[name];
  if (!experiment)
    throw new InputError(`experiment: expected one of ${names.join(", ")}, got ${name}`);
  const { signal, note } = terminal;
  const { preset, seed, pairs, overwrite, engine } = options;
  const progress: Terminal["progress"] = (of) =>
    terminal.progress({ ...of, label: `${name}: ${of.label}` });
  const train = async (folder: string, replace: boolean): Promise<void> => {
    const bars = progressBars({ progress });
    const dataset = await loadDataset(name, { data: options.data, seed });
    const result = await trainModel({
      dataset,
      kind: name as "pendulum" | "mnist",
      ...{ preset, seed, engine, signal, out: folder },
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
  return runExperiment(
    experiment,
    { out, preset, seed, pairs, overwrite, engine, train, note },
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
