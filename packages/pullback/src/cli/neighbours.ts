/** @file `pullback neighbours`: the nearest codes, and how well they tell the class of the one left out. */
import { accuracyFigure, euclideanDistances, majority } from "pullback-core";
import * as v from "valibot";
import { readDistances, readLabels } from "../files/matrix.ts";
import { claimFile } from "../files/write.ts";
import { serverDocument } from "../report/document.ts";
import { euclideanOption } from "./codes.ts";
import { command } from "./command.ts";
import { argument, option, path, wholeNumber } from "./options.ts";
import { contentFor, resultFile } from "./outputs.ts";

type Matrix = Float32Array | Float64Array;

export const neighbours = command({
  name: "neighbours",
  summary: "the nearest codes of each, and classification by them, each code left out in turn",
  arguments: { distances: argument("distances of all pairs, .npy, .csv or .zarr", path) },
  options: {
    labels: option("FILE", "class of each code, from 0", path),
    k: option("K", "neighbours", v.optional(wholeNumber(), "5")),
    out: option(
      "FILE",
      "neighbours (.csv, .npy: [n, K], counted from 0), all of it (.json) or accuracy over K (.svg, .png)",
      resultFile,
    ),
    latents: euclideanOption,
  },
  async run({ arguments: { distances: file }, options, note }) {
    const target = await claimFile(options.out, options);
    const { n, distances, codes } = await readDistances(file, options.latents);
    const labels = await readLabels(options.labels, n);
    const k = Math.min(options.k, n - 1);
    const euclidean = codes && euclideanDistances(codes.data, codes.shape[1] as number);
    if (!euclidean) note("--latents: codes would show the same with Euclidean distances beside it");
    const widest = Math.max(k, ...ks(n));
    const tables = [distances, euclidean].map((matrix) => matrix && nearestOf(matrix, n, widest));
    const [table, plain] = tables as [Int32Array, Int32Array | undefined];
    const told = (nearest: Int32Array, k: number): number[] =>
      labels.map((_, i) => majority([...nearest.subarray(i * widest, i * widest + k)], labels));
    const summary = (nearest: Int32Array, k: number) => {
      const right = told(nearest, k).filter((label, i) => label === labels[i]).length;
      const accuracy = right / n;
      return { accuracy, standardError: Math.sqrt((accuracy * (1 - accuracy)) / n) };
    };
    const along = summary(table, k);
    const straight = plain && summary(plain, k);
    const curve = (nearest: Int32Array) =>
      ks(n).map((k) => {
        const { accuracy: share, standardError: error } = summary(nearest, k);
        return { k, share, error };
      });
    const rows = labels.map((_, i) => [...table.subarray(i * widest, i * widest + k)]);
    await target.write(
      contentFor(options.out, {
        array: () => ({ type: "int32", shape: [n, k], data: Int32Array.from(rows.flat()) }),
        header: Array.from({ length: k }, (_, i) => `neighbour${i + 1}`),
        json: () => ({
          k,
          ...along,
          predictions: told(table, k),
          neighbours: rows,
          euclidean: straight ?? null,
        }),
        svg: () =>
          accuracyFigure(serverDocument(), {
            lines: [
              { name: "Along the manifold", kind: "geodesic", accuracy: curve(table) },
              ...(plain
                ? [{ name: "Euclidean", kind: "straight" as const, accuracy: curve(plain) }]
                : []),
            ],
          }),
      }),
    );
    const percent = ({ accuracy, standardError }: typeof along): string =>
      `${(100 * accuracy).toFixed(1)} ± ${(100 * standardError).toFixed(1)} %`;
    const beside = straight ? `; Euclidean ${percent(straight)}` : "";
    return {
      text: `${k} nearest of ${n} codes tell ${percent(along)} of the classes${beside}: ${options.out}`,
      json: { out: options.out, k, ...along, euclidean: straight ?? null },
    };
  },
});

/** Numbers of neighbours that the figure shows. */
const ks = (n: number): number[] => [1, 3, 5, 7, 10, 15, 20, 30].filter((k) => k < n);

/** Indices of the k nearest others, nearest first, [n, k]. */
function nearestOf(distances: Matrix, n: number, k: number): Int32Array {
  const table = new Int32Array(n * k);
  const best = new Float64Array(k);
  for (let i = 0; i < n; i++) {
    best.fill(Number.POSITIVE_INFINITY);
    for (let j = 0; j < n; j++) {
      const distance = distances[i * n + j] as number;
      if (j === i || !(distance < (best[k - 1] as number))) continue;
      let at = k - 1;
      for (; at > 0 && (best[at - 1] as number) > distance; at--) {
        best[at] = best[at - 1] as number;
        table[i * k + at] = table[i * k + at - 1] as number;
      }
      best[at] = distance;
      table[i * k + at] = j;
    }
  }
  return table;
}
