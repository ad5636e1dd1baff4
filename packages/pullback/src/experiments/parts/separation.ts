/** @file Does the geodesic distance separate the classes better? The paper says so of Fig. 6; here it is counted. */
import { classSeparation, pullback } from "pullback-core";
import { html } from "../../report/html.ts";
import { percent, significant } from "../../report/numbers.ts";
import type { Part } from "../experiment.ts";
import { drawnRows, encoded, rowsAt } from "../held-out.ts";

/** Held-out observations that are compared, each with each. */
const compared = 400;

export const separation: Part = {
  name: "class separation",
  figures: [],
  async run({ cache, findings, dataset, models, watch }) {
    const { heldOut, heldOutLabels } = await dataset();
    const folder = (await models(1))[0]?.folder;
    if (!heldOutLabels || folder === undefined) return {};
    const rows = drawnRows(heldOut.shape[0] as number, compared, findings.seed);
    const codes = await encoded(cache, folder, rowsAt(heldOut, rows));
    const labels = rows.map((row) => Number(heldOutLabels.data[row]));
    const bar = watch.progress({ label: "class separation", total: 100, unit: "%" });
    const found = await classSeparation({
      cache,
      metric: pullback(findings.subject.decoder),
      codes,
      labels,
      seed: findings.seed,
      signal: watch.signal,
      onProgress: (share) => share < 1 && bar.update(Math.round(100 * share)),
    }).finally(() => bar.end());
    const { euclidean, geodesic, accuracyTest, silhouetteTest, points, k } = found;
    const setting = `${points} held-out images, leave one out, k = ${k}, distances on a graph`;
    const number = (name: string, ours: number, ruler: "G" | "latent", where: string) =>
      ({ name, paper: null, ours, ruler, setting: where }) as const;
    return {
      numbers: [
        number("k-NN accuracy, geodesic distance", geodesic.neighbours.accuracy, "G", setting),
        number(
          "k-NN accuracy, Euclidean latent distance",
          euclidean.neighbours.accuracy,
          "latent",
          setting,
        ),
        number(
          "silhouette of the classes, geodesic distance",
          geodesic.silhouette.mean,
          "G",
          setting,
        ),
        number(
          "silhouette of the classes, Euclidean latent distance",
          euclidean.silhouette.mean,
          "latent",
          setting,
        ),
      ],
      section: {
        title: "Classes apart",
        text: html`<p>The paper concludes from Fig. 6 that geodesic distance separates the classes, and does not measure
          it. On ${setting}: the class of the nearest neighbours is right for ${percent(geodesic.neighbours.accuracy)}
          (± ${significant(100 * geodesic.neighbours.standardError, 2)} %) by geodesic and ${percent(euclidean.neighbours.accuracy)} by
          Euclidean distance (McNemar's test p = ${significant(accuracyTest.p, 2)}); the mean silhouette is
          ${significant(geodesic.silhouette.mean, 2)} and ${significant(euclidean.silhouette.mean, 2)} (difference ${significant(silhouetteTest.difference, 2)}
          ± ${significant(silhouetteTest.standardError, 2)}, Wilcoxon's test p = ${significant(silhouetteTest.p, 2)}).</p>`,
      },
    };
  },
};
