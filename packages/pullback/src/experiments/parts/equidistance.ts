/** @file Equidistance lines around two chosen codes (Fig. 6). */
import { distanceGrid, equidistanceFigure, median, pullback } from "pullback-core";
import { html } from "../../report/html.ts";
import type { Part } from "../experiment.ts";

/**
 * Around the codes of two classes, each that which is nearest to the median of its class: a stated
 * rule, so that nobody picks a flattering one.
 */
export function equidistance(chosen: readonly [number, number]): Part {
  return {
    name: "equidistance",
    figures: ["equidistance"],
    async run({ cache, document, findings, watch }) {
      const { subject, map, data, axes } = findings;
      const { latents, labels, decoder } = subject;
      if (!labels || decoder.latentDimension !== 2) return {};
      const sources = chosen.map((label) => middleOf(latents, labels, label));
      const bar = watch.progress({ label: "equidistance", total: 100, unit: "%" });
      const grid = await distanceGrid({
        cache,
        metric: pullback(decoder),
        bounds: map.bounds,
        signal: watch.signal,
        onProgress: (share) => share < 1 && bar.update(Math.round(100 * share)),
      }).finally(() => bar.end());
      const fields = sources.map((source) => grid.from(source));
      return {
        section: {
          title: "Equal distances",
          plates: [
            {
              name: "equidistance",
              svg: equidistanceFigure(document, { map, data, axes, fields }),
              caption: html`<b>Equidistance lines (Fig. 6).</b> Around one code of the class ${chosen[0]} and one of the class
                ${chosen[1]}, those nearest to the median of their class: all points of a line are equally far from it as
                measured on the images. Dashed, for the outermost line, the circle of Euclidean latent distance that
                holds as many codes.`,
            },
          ],
        },
      };
    },
  };
}

/** Of the codes of a class that which is nearest to their median, axis by axis. */
function middleOf(latents: Float32Array, labels: ArrayLike<number>, label: number): number[] {
  const members = Array.from(labels, (own, i) => (own === label ? i : -1)).filter((i) => i >= 0);
  const axis = (k: number): number[] => members.map((i) => latents[2 * i + k] as number);
  const centre = [median(axis(0)), median(axis(1))] as const;
  const apart = (i: number): number =>
    Math.hypot((latents[2 * i] as number) - centre[0], (latents[2 * i + 1] as number) - centre[1]);
  const nearest = members.reduce((best, i) => (apart(i) < apart(best) ? i : best));
  return [...latents.subarray(2 * nearest, 2 * nearest + 2)];
}
