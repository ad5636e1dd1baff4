/**
 * @file What an experiment of the paper is: a model, pairs of codes, and parts, each of which looks
 * at them in one way and answers numbers, figures and a section of the page.
 */
import type { FigureDocument, GeodesicsResult, ProgramCache } from "pullback-core";
import type { Dataset } from "../datasets/index.ts";
import type { Findings, IndexPairs, Subject } from "../report/findings.ts";
import type { Html } from "../report/html.ts";
import type { Watch } from "../report/make.ts";
import type { KeyNumber, Plate } from "../report/page.ts";

export interface Experiment {
  /** Name of the dataset, the folder and the command's argument. */
  readonly name: "pendulum" | "mnist" | "robot-arm" | "human-motion";
  readonly title: string;
  readonly lead: Html;
  /** Where this differs from the paper, said plainly. */
  readonly differences: readonly Html[];
  /** Of the expected metric, where not the default; see `MetricChoice`. */
  readonly spread?: number;
  /** Looked at in this order; their sections come in this order. */
  readonly parts: readonly Part[];
}

export interface Part {
  /** For progress. */
  readonly name: string;
  /** Names of the figures it may make, claimed before the work. */
  readonly figures: readonly string[];
  /** Run on the model of each seed, for the spread; otherwise on the first one only. */
  readonly everySeed?: boolean;
  run(context: PartContext): Promise<PartResult>;
}

export interface PartContext {
  readonly cache: ProgramCache;
  readonly document: FigureDocument;
  readonly findings: Findings;
  /** The codes that are connected. */
  readonly pairs: IndexPairs;
  /** The same pairs connected in the expected metric; solved once, whichever parts ask. */
  expected(): Promise<GeodesicsResult>;
  /** The data of this model's seed, loaded when first asked for. */
  dataset(): Promise<Dataset>;
  /** How many models, each from a seed of its own, were asked for. */
  readonly seeds: number;
  /** Models of the first `count` seeds, this one first; trained where they are not there yet. */
  models(count: number): Promise<readonly Subject[]>;
  readonly watch: Watch;
}

export interface PartResult {
  readonly numbers?: readonly ExperimentNumber[];
  /** The few that matter most. */
  readonly key?: readonly KeyNumber[];
  readonly section?: {
    readonly title: string;
    readonly text?: Html;
    readonly plates?: readonly Plate[];
  };
}

/** What lengths are measured with: the pull-back metric, the smoothed one, the expected one, the chart. */
export type Ruler = "G" | "Ĝ" | "expected" | "latent";

/** One number of the paper and ours beside it. */
export interface ExperimentNumber {
  readonly name: string;
  /** What the paper says; null where it gives no number. */
  readonly paper: number | null;
  readonly ours: number;
  /** Lower and upper quartile, where ours is a median. */
  readonly quartiles?: readonly [number, number];
  /** Ruler of our number; the paper's pendulum is in Ĝ, where its others are it does not say. */
  readonly ruler: Ruler | null;
  /** On what, over how many. */
  readonly setting: string;
}
