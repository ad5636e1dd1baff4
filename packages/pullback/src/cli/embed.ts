/** @file `pullback embed`: points in the plane whose distances are those of a matrix. */
import type { ScatterPanel } from "pullback-core";
import { classicalScaling, euclideanDistances, scatterFigure, smacof, umap } from "pullback-core";
import * as v from "valibot";
import { readDistances, readLabels } from "../files/matrix.ts";
import { claimFile } from "../files/write.ts";
import { serverDocument } from "../report/document.ts";
import { euclideanOption } from "./codes.ts";
import { command } from "./command.ts";
import { argument, oneOf, option, path, wholeNumber } from "./options.ts";
import { contentFor, resultFile } from "./outputs.ts";

const methods = ["mds", "smacof", "umap"] as const;
type Method = (typeof methods)[number];

interface Found {
  readonly points: Float64Array;
  /** Share of the distances that is lost; UMAP does not aim at them. */
  readonly stress: number | null;
}

function embedded(
  distances: Float32Array | Float64Array,
  method: Method,
  given: { readonly dimensions: number; readonly neighbours: number; readonly seed: number },
): Found {
  if (method === "umap") return { points: umap(distances, given), stress: null };
  return (method === "mds" ? classicalScaling : smacof)(distances, given);
}

export const embed = command({
  name: "embed",
  summary: "points in few dimensions whose distances are those of a matrix",
  arguments: { distances: argument("distances of all pairs, .npy, .csv or .zarr", path) },
  options: {
    method: option(
      "NAME",
      "mds (classical), smacof (least stress) or umap",
      v.optional(oneOf(methods), "smacof"),
    ),
    out: option(
      "FILE",
      "points (.csv, .npy), all of it (.json) or a figure (.svg, .png)",
      resultFile,
    ),
    dimensions: option(
      "N",
      "dimensions; figures show the first two",
      v.optional(wholeNumber(2), "2"),
    ),
    neighbours: option("K", "umap: neighbours of a point", v.optional(wholeNumber(2), "15")),
    latents: euclideanOption,
    labels: option("FILE", "class of each point, for the colours", v.optional(path)),
  },
  async run({ arguments: { distances: file }, options, note }) {
    const { method, dimensions } = options;
    const target = await claimFile(options.out, options);
    const { n, distances, codes } = await readDistances(file, options.latents);
    const labels = options.labels ? await readLabels(options.labels, n) : undefined;
    const along = embedded(distances, method, options);
    const straight =
      codes && embedded(euclideanDistances(codes.data, codes.shape[1] as number), method, options);
    if (!straight) note("--latents: codes would show the same with Euclidean distances beside it");
    const panel = (title: string, { points, stress }: Found): ScatterPanel => ({
      title,
      caption: stress === null ? method : `${method}, stress ${(100 * stress).toFixed(1)} %`,
      points: dimensions === 2 ? points : firstTwo(points, dimensions),
      ...(labels && { labels }),
    });
    const facts = ({ points, stress }: Found) => ({ stress, points: rowsOf(points, dimensions) });
    await target.write(
      contentFor(options.out, {
        array: () => ({
          type: "float32",
          shape: [n, dimensions],
          data: Float32Array.from(along.points),
        }),
        header: Array.from({ length: dimensions }, (_, k) => `x${k + 1}`),
        json: () => ({ method, ...facts(along), euclidean: straight ? facts(straight) : null }),
        svg: () =>
          scatterFigure(serverDocument(), {
            title: `${n} codes by their distances`,
            panels: [
              panel("Along the manifold", along),
              ...(straight ? [panel("Euclidean in latent space", straight)] : []),
            ],
          }),
      }),
    );
    const stress = along.stress === null ? "" : `, stress ${(100 * along.stress).toFixed(1)} %`;
    return {
      text: `${n} points in ${dimensions} dimensions by ${method}${stress}: ${options.out}`,
      json: { out: options.out, method, stress: along.stress, euclidean: straight?.stress ?? null },
    };
  },
});

const rowsOf = (points: Float64Array, width: number): number[][] =>
  Array.from({ length: points.length / width }, (_, i) => [
    ...points.subarray(i * width, (i + 1) * width),
  ]);

function firstTwo(points: Float64Array, width: number): Float64Array {
  return Float64Array.from(rowsOf(points, width).flatMap((row) => row.slice(0, 2)));
}
