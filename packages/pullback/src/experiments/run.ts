/** @file Runs one experiment: models, findings, parts, and the files that show them. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Engine, ProgramCache } from "pullback-core";
import { InputError, withPrograms } from "pullback-core";
import type { Dataset } from "../datasets/index.ts";
import { claimFile } from "../files/write.ts";
import { serverDocument } from "../report/document.ts";
import type { Findings, Subject } from "../report/findings.ts";
import type { Watch } from "../report/make.ts";
import { make } from "../report/make.ts";
import type { KeyNumber } from "../report/page.ts";
import { connectPairs } from "../report/pairs.ts";
import { rasterise } from "../report/rasterise.ts";
import { openSubject } from "../report/subject.ts";
import type { Experiment, PartContext, PartResult } from "./experiment.ts";
import { acrossSeeds, experimentPage, numbersJson } from "./page.ts";

export interface RunOptions {
  /** Folder of the experiment; the models are below it. */
  readonly out: string;
  readonly preset: string;
  /** The first of the seeds. */
  readonly seed: number;
  /** How many models, each from a seed of its own, tell the spread; 1 by default. */
  readonly seeds?: number;
  readonly pairs: number;
  readonly overwrite: boolean;
  readonly engine: Engine;
  /** Trains the model of a seed into a folder that does not exist yet, or replaces it where told. */
  readonly train: (folder: string, seed: number, replace: boolean) => Promise<void>;
  readonly dataset: (seed: number) => Promise<Dataset>;
  readonly note: (line: string) => void;
}

export interface Outcome {
  readonly page: string;
  readonly key: readonly KeyNumber[];
  readonly numbers: ReturnType<typeof numbersJson>;
}

/** Figures that every page may have; parts name their own. */
const figures = ["map", "strip", "length-value", "lengths", "training"];

export async function runExperiment(
  experiment: Experiment,
  options: RunOptions,
  watch: Watch,
): Promise<Outcome> {
  const { out, seed, seeds = 1, overwrite, engine } = options;
  const claim = (name: string) => claimFile(join(out, name), { overwrite });
  const [index, json] = [await claim("index.html"), await claim("numbers.json")];
  const names = [...figures, ...experiment.parts.flatMap((part) => part.figures)];
  const pictures = new Map(
    await Promise.all(
      names.map(
        async (name) => [name, [await claim(`${name}.svg`), await claim(`${name}.png`)]] as const,
      ),
    ),
  );
  const document = serverDocument();
  const subjects = new Map<number, Promise<Subject>>();
  const subjectOf = (which: number): Promise<Subject> => {
    const known = subjects.get(which) ?? trained(experiment, options, which);
    subjects.set(which, known);
    return known;
  };
  const models = async (count: number): Promise<Subject[]> => {
    const all: Subject[] = [];
    for (let i = 0; i < count; i++) all.push(await subjectOf(seed + i));
    return all;
  };

  // A model's programs hold gigabytes together: they go before the next one's come.
  const look = (which: number): Promise<Looked> =>
    withPrograms({ engine }, (cache) => lookWith(cache, which));
  const lookWith = async (cache: ProgramCache, which: number): Promise<Looked> => {
    const own = labelled(watch, which === seed ? "" : `seed ${which}: `);
    const findings = await make(
      { cache, subject: await subjectOf(which), pairs: options.pairs, seed: which },
      own,
    );
    const context = contextOf(cache, experiment, findings, {
      document,
      seeds,
      models,
      watch: own,
      dataset: once(() => options.dataset(which)),
    });
    const parts: PartResult[] = [];
    for (const part of experiment.parts) {
      if (which !== seed && !part.everySeed) continue;
      watch.signal.throwIfAborted();
      parts.push(await part.run(context));
    }
    return { seed: which, findings, parts, numbers: parts.flatMap(({ numbers }) => numbers ?? []) };
  };
  const first = await look(seed);
  const runs = [first];
  for (let i = 1; i < seeds; i++) runs.push(await look(seed + i));

  const all = acrossSeeds(runs);
  const { html, plates } = experimentPage(document, experiment, first.findings, first.parts, all);
  const numbers = numbersJson(experiment, first.findings, all);
  watch.signal.throwIfAborted();
  for (const plate of plates) {
    const [svg, png] = pictures.get(plate.name) ?? [];
    await svg?.write(plate.svg);
    await png?.write(rasterise(plate.svg));
  }
  await json.write(`${JSON.stringify(numbers, null, 2)}\n`);
  await index.write(html);
  return {
    page: join(out, "index.html"),
    key: first.parts.flatMap(({ key }) => key ?? []),
    numbers,
  };
}

interface Looked {
  readonly seed: number;
  readonly findings: Findings;
  readonly parts: readonly PartResult[];
  readonly numbers: readonly NonNullable<PartResult["numbers"]>[number][];
}

function contextOf(
  cache: ProgramCache,
  { spread }: Experiment,
  findings: Findings,
  rest: Pick<PartContext, "document" | "seeds" | "models" | "watch" | "dataset">,
): PartContext {
  const { subject, pairs, seed } = findings;
  const { signal, progress } = rest.watch;
  const expected = once(() => {
    const bar = progress({ label: "expected geodesics", total: pairs.length, unit: "pairs" });
    return connectPairs({
      ...{ cache, subject, pairs, seed, signal },
      metric: { name: "expected", ...(spread && { spread }) },
      // A metric that grows a hundredfold beside the codes: one per cent is what it takes.
      tolerance: 1e-2,
      segments: { first: 25, most: 200 },
      onProgress: (share) => share < 1 && bar.update(Math.round(share * pairs.length)),
    }).finally(() => bar.end());
  });
  return { cache, findings, pairs, expected, ...rest };
}

/** The first call's answer, for all calls. */
function once<T>(compute: () => Promise<T>): () => Promise<T> {
  let known: Promise<T> | undefined;
  return () => {
    known ??= compute();
    return known;
  };
}

const labelled = (watch: Watch, prefix: string): Watch => ({
  ...watch,
  progress: (of) => watch.progress({ ...of, label: `${prefix}${of.label}` }),
});

/** The model in the folder where it is the one that is asked for, otherwise a new one. */
async function trained(
  { name }: Experiment,
  { out, preset, seed: first, overwrite, train, note }: RunOptions,
  seed: number,
): Promise<Subject> {
  const folder = join(out, seed === first ? "model" : `model-${seed}`);
  if (!existsSync(join(folder, "model.json"))) {
    await train(folder, seed, false);
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
  await train(folder, seed, true);
  return openSubject(folder);
}
