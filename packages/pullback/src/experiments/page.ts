/** @file The page and the numbers of one experiment. */
import type { FigureDocument } from "pullback-core";
import { mean } from "pullback-core";
import type { Findings } from "../report/findings.ts";
import type { Html } from "../report/html.ts";
import { html } from "../report/html.ts";
import { significant } from "../report/numbers.ts";
import type { Plate } from "../report/page.ts";
import { page, plates, table } from "../report/page.ts";
import { lengthPlates, pathPlates, trainingPlates } from "../report/plates.ts";
import { footer, numbersTable, reading } from "../report/report.ts";
import type { Experiment, ExperimentNumber, PartResult } from "./experiment.ts";

export interface ExperimentPage {
  readonly html: string;
  /** Figures that are also written as files of their own. */
  readonly plates: readonly Plate[];
}

/** A number on the model of each seed. */
export interface SeededNumber extends ExperimentNumber {
  readonly seeds?: readonly { readonly seed: number; readonly ours: number }[];
}

/** The first seed's numbers, with those of the others beside them where there are any. */
export function acrossSeeds(
  runs: readonly { readonly seed: number; readonly numbers: readonly ExperimentNumber[] }[],
): SeededNumber[] {
  const [first, ...others] = runs;
  return (first?.numbers ?? []).map((number) => {
    const found = others.flatMap(({ seed, numbers }) => {
      const same = numbers.find(({ name }) => name === number.name);
      return same ? [{ seed, ours: same.ours }] : [];
    });
    if (found.length === 0) return number;
    return { ...number, seeds: [{ seed: first?.seed as number, ours: number.ours }, ...found] };
  });
}

export function experimentPage(
  document: FigureDocument,
  experiment: Experiment,
  findings: Findings,
  parts: readonly PartResult[],
  numbers: readonly SeededNumber[],
): ExperimentPage {
  const paths = pathPlates(document, findings);
  const lengths = lengthPlates(document, findings);
  const training = trainingPlates(document, findings);
  const sections = parts.flatMap(({ section }) => section ?? []);
  const text = page({
    title: experiment.title,
    lead: experiment.lead,
    key: parts.flatMap(({ key }) => key ?? []),
    sections: [
      { title: "From one point to another", body: plates(paths) },
      { title: "Lengths", body: plates(lengths) },
      ...sections.map(({ title, text: body, plates: own = [] }) => ({
        title,
        body: html`${body}${own.length > 0 && plates(own)}`,
      })),
      {
        title: "The paper and this run",
        body: html`${comparison(numbers)}
          <p>Where this differs from the paper:</p>
          <ul>${experiment.differences.map((difference) => html`<li>${difference}</li>`)}</ul>`,
      },
      {
        title: "The model",
        body: html`${numbersTable(findings)}${training.length > 0 && plates(training)}`,
      },
      reading,
    ],
    foot: footer(findings),
  });
  const own = sections.flatMap(({ plates: made = [] }) => made);
  return { html: text, plates: [...paths, ...lengths, ...own, ...training] };
}

/** Every number with the paper's beside it, its spread, and what it was measured on. */
function comparison(numbers: readonly SeededNumber[]): Html {
  return table(
    numbers.map((number) => [
      number.name,
      number.paper === null ? "–" : significant(number.paper),
      plain(number.ours),
      spread(number),
      html`<span class="note">${[number.setting, number.ruler && `ruler: ${number.ruler}`].filter(Boolean).join("; ")}</span>`,
    ]),
    ["", "paper", "here", "spread", ""],
  );
}

function spread({ quartiles, seeds }: SeededNumber): string {
  const said: string[] = [];
  if (quartiles) said.push(`quartiles ${quartiles.map((q) => significant(q)).join(", ")}`);
  if (seeds)
    said.push(
      `seeds ${seeds.map(({ ours }) => plain(ours)).join(", ")}, mean ${significant(mean(seeds.map(({ ours }) => ours)))}`,
    );
  return said.join("; ");
}

const plain = (value: number): string =>
  Number.isInteger(value) ? String(value) : significant(value);

/** What `numbers.json` holds: every number of the paper, ours, and in which setting. */
export function numbersJson(
  experiment: Experiment,
  findings: Findings,
  numbers: readonly SeededNumber[],
) {
  const { description } = findings.subject;
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
  return {
    experiment: experiment.name,
    preset: description.preset ?? null,
    seed: findings.seed,
    engine: findings.engine,
    metric: findings.result.metric,
    solver: findings.result.solver,
    pairs: findings.result.geodesics.length,
    training: description.training ?? null,
    numbers: numbers.map((number) => ({ ...number, ours: finite(number.ours) })),
  };
}
