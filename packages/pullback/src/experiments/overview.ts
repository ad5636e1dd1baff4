/** @file The page before the pages, where several experiments were run. */
import { html, svg } from "../report/html.ts";
import type { KeyNumber } from "../report/page.ts";
import { page } from "../report/page.ts";
import type { Experiment } from "./experiment.ts";

export interface Entry {
  readonly experiment: Experiment;
  readonly key: readonly KeyNumber[];
  /** Its map, an SVG. */
  readonly map: string;
}

/** Links are relative to the folder of the page. */
export function overview(entries: readonly Entry[]): string {
  return page({
    title: "Metrics for deep generative models, again",
    lead: html`The experiments of Chen et al. (AISTATS 2018) with models trained here. Each has its
      page, with figures, the paper's numbers beside ours, and where the two differ.`,
    sections: entries.map(({ experiment, key, map }) => ({
      title: experiment.title,
      body: html`<div class="figures"><figure><div class="plate">${svg(map)}</div></figure>
        <div><p>${experiment.lead}</p>
        <dl class="key">${key.map(({ value, label }) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>
        <p><a href="${experiment.name}/index.html">All figures and numbers</a></p></div></div>`,
    })),
    foot: html`Made by <code>pullback reproduce</code>.`,
  });
}
