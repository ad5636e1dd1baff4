/** @file Runs one experiment: model, findings, analysis, and the files that show them. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "pullback-core";
import { InputError, programCache } from "pullback-core";
import { claimFile } from "../files/write.ts";
import { serverDocument } from "../report/document.ts";
import type { Subject } from "../report/findings.ts";
import type { Watch } from "../report/make.ts";
import { make } from "../report/make.ts";
import type { KeyNumber, Plate } from "../report/page.ts";
import { rasterise } from "../report/rasterise.ts";
import { openSubject } from "../report/subject.ts";
import type { Experiment } from "./experiment.ts";
import { experimentPage, numbersJson } from "./page.ts";

export interface RunOptions {
  /** Folder of the experiment; its model is in `model` below. */
  readonly out: string;
  readonly preset: string;
  readonly seed: number;
  readonly pairs: number;
  readonly overwrite: boolean;
  readonly engine: Engine;
  /** Trains the model into a folder that does not exist yet, or replaces it where told. */
  readonly train: (folder: string, replace: boolean) => Promise<void>;
  readonly note: (line: string) => void;
}

export interface Outcome {
  readonly experiment: Experiment;
  readonly page: string;
  readonly key: readonly KeyNumber[];
  readonly numbers: ReturnType<typeof numbersJson>;
  readonly map: Plate;
}

/** Names of all figures that a page may have, claimed before the work. */
const figures = ["map", "strip", "length-value", "lengths", "training"] as const;

export async function runExperiment(
  experiment: Experiment,
  options: RunOptions,
  watch: Watch,
): Promise<Outcome> {
  const { out, seed, pairs, overwrite, engine } = options;
  const claim = (name: string) => claimFile(join(out, name), { overwrite });
  const [index, json] = [await claim("index.html"), await claim("numbers.json")];
  const pictures = new Map(
    await Promise.all(
      figures.map(
        async (name) => [name, [await claim(`${name}.svg`), await claim(`${name}.png`)]] as const,
      ),
    ),
  );
  const subject = await trained(experiment, options);
  const cache = programCache(engine);
  const findings = await make({ cache, subject, pairs, seed }, watch);
  const analysis = await experiment.analyse({ cache, findings, signal: watch.signal });
  const { html, plates } = experimentPage(serverDocument(), experiment, findings, analysis);
  const numbers = numbersJson(experiment, findings, analysis);
  watch.signal.throwIfAborted();
  for (const plate of plates) {
    const [svg, png] = pictures.get(plate.name as (typeof figures)[number]) ?? [];
    await svg?.write(plate.svg);
    await png?.write(rasterise(plate.svg));
  }
  await json.write(`${JSON.stringify(numbers, null, 2)}\n`);
  await index.write(html);
  return {
    experiment,
    page: join(out, "index.html"),
    key: analysis.key,
    numbers,
    map: plates[0] as Plate,
  };
}

/** The model in the folder where it is the one that is asked for, otherwise a new one. */
async function trained(
  { name }: Experiment,
  { out, preset, seed, overwrite, train, note }: RunOptions,
): Promise<Subject> {
  const folder = join(out, "model");
  if (!existsSync(join(folder, "model.json"))) {
    await train(folder, false);
    return openSubject(folder);
  }
  const subject = await openSubject(folder);
  const { description } = subject;
  if (description.name === name && description.preset === preset && description.seed === seed) {
    note(`${name}: using the model in ${folder}`);
    return subject;
  }
  if (!overwrite)
    throw new InputError(
      `${folder}: expected a model of ${name}, preset ${preset}, seed ${seed}, got ${description.name}, ${description.preset}, ${description.seed}; --overwrite trains it again`,
    );
  await train(folder, true);
  return openSubject(folder);
}
