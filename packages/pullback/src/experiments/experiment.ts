/** @file What an experiment of the paper adds to the report of its model. */
import type { ProgramCache } from "pullback-core";
import type { Findings } from "../report/findings.ts";
import type { Html } from "../report/html.ts";
import { html } from "../report/html.ts";
import { significant } from "../report/numbers.ts";
import type { KeyNumber } from "../report/page.ts";
import { table } from "../report/page.ts";

export interface Experiment {
  /** Name of the dataset, the folder and the command's argument. */
  readonly name: string;
  readonly title: string;
  readonly lead: Html;
  /** Where this differs from the paper, said plainly. */
  readonly differences: readonly Html[];
  analyse(context: ExperimentContext): Promise<Analysis>;
}

export interface ExperimentContext {
  readonly cache: ProgramCache;
  readonly findings: Findings;
  readonly signal?: AbortSignal;
}

export interface Analysis {
  readonly key: readonly KeyNumber[];
  readonly numbers: readonly ExperimentNumber[];
}

/** One number of the paper and ours beside it. */
export interface ExperimentNumber {
  readonly name: string;
  /** What the paper says; null where it gives no number. */
  readonly paper: number | null;
  readonly ours: number;
  /** What lengths are measured with: ours in G; the paper's in the smoothed G-hat where it is used. */
  readonly ruler: "G" | "paper in Ĝ, ours in G" | null;
  /** On what, over how many. */
  readonly setting: string;
}

export function comparison(numbers: readonly ExperimentNumber[]): Html {
  return table(
    numbers.map(({ name, paper, ours, ruler, setting }) => [
      name,
      paper === null ? "–" : String(paper),
      Number.isInteger(ours) ? String(ours) : significant(ours),
      html`<span class="note">${[setting, ruler && `ruler: ${ruler}`].filter(Boolean).join("; ")}</span>`,
    ]),
    ["", "paper", "here", ""],
  );
}
