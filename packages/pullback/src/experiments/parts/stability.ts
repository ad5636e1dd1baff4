/** @file Do distances survive retraining? The same pairs of observations under models of several seeds. */
import type { ProgramCache } from "pullback-core";
import {
  stability as compare,
  connect,
  pullback,
  random,
  stabilityFigure,
  withPrograms,
} from "pullback-core";
import type { Subject } from "../../report/findings.ts";
import { html } from "../../report/html.ts";
import { percent, significant } from "../../report/numbers.ts";
import type { Part } from "../experiment.ts";
import { drawnRows, encoded, rowsAt } from "../held-out.ts";

/** Models that are compared where several are asked for: fewer say little of a variation. */
const retrained = 5;
/** Pairs of held-out observations, and how many of those they are drawn from. */
const compared = 50;
const drawnFrom = 1000;

export const stability: Part = {
  name: "retraining",
  figures: ["stability"],
  async run({ cache, document, findings, dataset, seeds, models, watch }) {
    if (seeds < 2) return {};
    const { heldOut } = await dataset();
    const n = Math.min(drawnFrom, heldOut.shape[0] as number);
    const rows = rowsAt(heldOut, drawnRows(heldOut.shape[0] as number, n, findings.seed));
    const { integer } = random(findings.seed, "retraining");
    const pairs = Array.from({ length: compared }, () => {
      const a = integer(n);
      return [a, (a + 1 + integer(n - 1)) % n] as const;
    });
    const [geodesic, euclidean]: [number[][], number[][]] = [[], []];
    const all = await models(Math.max(retrained, seeds));
    const bar = watch.progress({ label: "retraining", total: all.length, unit: "models" });
    const measured = async (
      cache: ProgramCache,
      { folder, decoder, latents }: Subject,
    ): Promise<void> => {
      const d = decoder.latentDimension;
      const codes = await encoded(cache, folder, rows);
      const at = (i: number): Float64Array => codes.subarray(i * d, (i + 1) * d);
      const points = Float64Array.from(pairs.flatMap(([a, b]) => [...at(a), ...at(b)]));
      const { geodesics } = await connect({
        ...{ engine: cache.engine, cache, metric: pullback(decoder), pairs: points },
        ...{ latents: Float64Array.from(latents), signal: watch.signal },
      });
      geodesic.push(geodesics.map(({ length }) => length));
      euclidean.push(
        pairs.map(([a, b]) => Math.hypot(...at(a).map((x, k) => x - (at(b)[k] as number)))),
      );
    };
    for (const model of all) {
      watch.signal.throwIfAborted();
      await withPrograms({ engine: cache.engine }, (own) => measured(own, model));
      bar.update(geodesic.length);
    }
    bar.end();
    const found = compare({ geodesic, euclidean });
    const { asMeasured, scaled } = found;
    const setting = `${compared} pairs of held-out observations, ${all.length} models`;
    const median = (of: typeof scaled, kind: "geodesic" | "euclidean"): number =>
      of.quartiles[kind][1];
    const number = (
      name: string,
      of: typeof scaled,
      kind: "geodesic" | "euclidean",
      where: string,
    ) =>
      ({
        name,
        paper: null,
        ours: median(of, kind),
        quartiles: [of.quartiles[kind][0], of.quartiles[kind][2]] as const,
        ruler: kind === "geodesic" ? "G" : "latent",
        setting: where,
      }) as const;
    return {
      numbers: [
        number("variation of geodesic distance over retraining", asMeasured, "geodesic", setting),
        number(
          "variation of Euclidean latent distance over retraining",
          asMeasured,
          "euclidean",
          setting,
        ),
        number(
          "the same, scaled, geodesic",
          scaled,
          "geodesic",
          `${setting}, each model's distances over their mean`,
        ),
        number(
          "the same, scaled, Euclidean",
          scaled,
          "euclidean",
          `${setting}, each model's distances over their mean`,
        ),
      ],
      key: [
        {
          value: `${significant(median(asMeasured, "geodesic"), 2)} and ${significant(median(asMeasured, "euclidean"), 2)}`,
          label: `coefficient of variation over ${all.length} trainings, geodesic and Euclidean distance, medians`,
        },
      ],
      section: {
        title: "Do distances survive retraining?",
        text: html`<p>Latent coordinates are an accident of training: another seed gives others. Distances on the
          observations should stay. For ${setting}, the coefficient of variation of a distance over the models is
          ${significant(median(asMeasured, "geodesic"), 2)} for geodesics and ${significant(median(asMeasured, "euclidean"), 2)} for Euclidean latent
          distance (medians; geodesics vary less on ${percent(asMeasured.geodesicSteadier)} of the pairs, Wilcoxon's test
          p = ${significant(asMeasured.test.p, 2)}). With each model's distances divided by their mean, so that its scale does not
          count, it is ${significant(median(scaled, "geodesic"), 2)} and ${significant(median(scaled, "euclidean"), 2)} (${percent(scaled.geodesicSteadier)},
          p = ${significant(scaled.test.p, 2)}).</p>`,
        plates: [
          {
            name: "stability",
            svg: stabilityFigure(document, { stability: found }),
            caption: html`<b>Each dot is a pair of observations.</b> Across, how much its Euclidean latent distance varies
              over ${all.length} trainings, up, how much its geodesic distance does, both as coefficient of variation. Below the
              diagonal the geodesic is the steadier. On the right each model's distances are divided by their mean.`,
          },
        ],
      },
    };
  },
};
