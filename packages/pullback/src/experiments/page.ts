/** @file The page and the numbers of one experiment. */
import type { FigureDocument } from "pullback-core";
import type { Findings } from "../report/findings.ts";
import { html } from "../report/html.ts";
import type { Plate } from "../report/page.ts";
import { page, plates } from "../report/page.ts";
import { lengthPlates, pathPlates, trainingPlates } from "../report/plates.ts";
import { footer, numbersTable, reading } from "../report/report.ts";
import type { Analysis, Experiment } from "./experiment.ts";
import { comparison } from "./experiment.ts";

export interface ExperimentPage {
  readonly html: string;
  /** Figures that are also written as files of their own. */
  readonly plates: readonly Plate[];
}

export function experimentPage(
  document: FigureDocument,
  experiment: Experiment,
  findings: Findings,
  analysis: Analysis,
): ExperimentPage {
  const paths = pathPlates(document, findings);
  const lengths = lengthPlates(document, findings);
  const training = trainingPlates(document, findings);
  const text = page({
    title: experiment.title,
    lead: experiment.lead,
    key: analysis.key,
    sections: [
      { title: "From one point to another", body: plates(paths) },
      { title: "Lengths", body: plates(lengths) },
      {
        title: "The paper and this run",
        body: html`${comparison(analysis.numbers)}
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
  return { html: text, plates: [...paths, ...lengths, ...training] };
}

/** What `numbers.json` holds: every number of the paper, ours, and in which setting. */
export function numbersJson(experiment: Experiment, findings: Findings, { numbers }: Analysis) {
  const { description } = findings.subject;
  return {
    experiment: experiment.name,
    preset: description.preset ?? null,
    seed: findings.seed,
    engine: findings.engine,
    metric: findings.result.metric,
    solver: findings.result.solver,
    pairs: findings.result.geodesics.length,
    training: description.training ?? null,
    numbers: numbers.map((number) => ({
      ...number,
      ours: Number.isFinite(number.ours) ? number.ours : null,
    })),
  };
}
