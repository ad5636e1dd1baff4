/** @file The fast solver against the paper's curve network, both in G, on the same pairs. */
import { compareSolvers, median, pullback } from "pullback-core";
import { html } from "../../report/html.ts";
import { significant } from "../../report/numbers.ts";
import { pairPoints } from "../../report/pairs.ts";
import type { Part } from "../experiment.ts";

/** Pairs that both solve, the first of those of the page. */
const compared = 20;

/** `iterations` of the paper's solver: enough that its lengths stand still, and no more. */
export function solvers(iterations: number): Part {
  return {
    name: "both solvers",
    figures: [],
    async run({ cache, findings, pairs, watch }) {
      const { subject, seed } = findings;
      const some = pairs.slice(0, compared);
      const bar = watch.progress({ label: "the paper's solver", total: 100, unit: "%" });
      const all = await compareSolvers({
        cache,
        metric: pullback(subject.decoder),
        pairs: pairPoints(subject, some),
        latents: Float64Array.from(subject.latents),
        seed,
        signal: watch.signal,
        neural: { iterations },
        onProgress: (share) => share < 1 && bar.update(Math.round(100 * share)),
      }).finally(() => bar.end());
      const ratios = all.map(({ lengthRatio }) => lengthRatio);
      const speed = all.map(({ paperSeconds, fastSeconds }) => paperSeconds / fastSeconds);
      const reached = all.filter((pair) => pair.reached).length;
      const fast = median(all.map(({ fastSeconds }) => fastSeconds));
      const paper = median(all.map(({ paperSeconds }) => paperSeconds));
      const setting = `${some.length} pairs, ${iterations} iterations of the paper's solver at most`;
      const number = (name: string, ours: number) =>
        ({ name, paper: null, ours, ruler: "G", setting }) as const;
      return {
        numbers: [
          number("fast solver / paper's solver, length, median", median(ratios)),
          number("fast solver / paper's solver, length, greatest", Math.max(...ratios)),
          number("paper's solver / fast solver, time to the same answer, median", median(speed)),
          number(
            "paper's solver / fast solver, time to the same answer, smallest",
            Math.min(...speed),
          ),
          number("pairs on which the paper's solver comes within 0.5 %", reached),
        ],
        section: {
          title: "Both solvers",
          text: html`<p>The paper trains a small network for each curve (Eq. 9 to 14, Table 1, pre-training of
            Appendix A). On ${some.length} of the pairs, all together in one batch, it needs ${significant(paper, 2)} s a
            pair until it first comes within 0.5 % of the fast solver's length (its whole run where it never
            does; it did on ${reached}); the fast solver needs ${significant(fast, 2)} s a pair. That is ${significant(median(speed), 2)} times
            as long at the median, ${significant(Math.min(...speed), 2)} times at least. The fast solver's curves are ${significant(median(ratios), 4)} times as
            long as the network's at the median and at most ${significant(Math.max(...ratios), 4)} times.</p>`,
        },
      };
    },
  };
}
