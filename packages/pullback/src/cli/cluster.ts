/** @file `pullback cluster`: groups of codes from their distances. */
import type { Clustering, ScatterPanel } from "pullback-core";
import {
  adjustedRand,
  agglomerative,
  classicalScaling,
  euclideanDistances,
  kMedoids,
  scatterFigure,
  silhouette,
} from "pullback-core";
import * as v from "valibot";
import { readDistances, readLabels } from "../files/matrix.ts";
import { claimFile } from "../files/write.ts";
import { serverDocument } from "../report/document.ts";
import { euclideanOption } from "./codes.ts";
import { command } from "./command.ts";
import { argument, oneOf, option, path, wholeNumber } from "./options.ts";
import { contentFor, resultFile } from "./outputs.ts";

const methods = ["medoids", "average", "complete", "single"] as const;
type Method = (typeof methods)[number];

/** Clusters with what is said of them. */
interface Found extends Clustering {
  /** Mean silhouette in the distances that they were found with. */
  readonly silhouette: number | null;
  /** Adjusted Rand index against the classes. */
  readonly agreement: number | null;
}

export const cluster = command({
  name: "cluster",
  summary: "groups of codes from their distances",
  arguments: { distances: argument("distances of all pairs, .npy, .csv or .zarr", path) },
  options: {
    clusters: option("K", "number of clusters", wholeNumber()),
    method: option(
      "NAME",
      "medoids (k medoids), or agglomerative with average, complete or single linkage",
      v.optional(oneOf(methods), "medoids"),
    ),
    out: option(
      "FILE",
      "cluster of each code (.csv, .npy), all of it (.json) or a figure (.svg, .png)",
      resultFile,
    ),
    latents: euclideanOption,
    labels: option("FILE", "classes, to say how far clusters agree with them", v.optional(path)),
  },
  async run({ arguments: { distances: file }, options, note }) {
    const { method, clusters, seed } = options;
    const target = await claimFile(options.out, options);
    const { n, distances, codes } = await readDistances(file, options.latents);
    const classes = options.labels ? await readLabels(options.labels, n) : undefined;
    const find = (matrix: Float32Array | Float64Array): Found => {
      const found = grouped(matrix, method, clusters, seed);
      return {
        ...found,
        silhouette: clusters > 1 ? silhouette(matrix, found.labels).mean : null,
        agreement: classes ? adjustedRand(found.labels, classes) : null,
      };
    };
    const d = codes?.shape[1];
    const along = find(distances);
    const straight = codes && find(euclideanDistances(codes.data, d as number));
    if (!straight) note("--latents: codes would show the same with Euclidean distances beside it");
    await target.write(
      contentFor(options.out, {
        array: () => ({ type: "int32", shape: [n], data: along.labels }),
        header: ["cluster"],
        json: () => ({
          method,
          clusters,
          ...facts(along),
          euclidean: straight ? facts(straight) : null,
        }),
        svg: () => {
          const points = codes && d === 2 ? codes.data : classicalScaling(distances).points;
          const panel = (title: string, found: Found): ScatterPanel => ({
            title,
            caption: inWords(found),
            points,
            labels: found.labels,
            ...(found.medoids && { marked: found.medoids }),
          });
          return scatterFigure(serverDocument(), {
            title: `${n} codes in ${clusters} clusters`,
            legend: "cluster",
            panels: [
              panel("Along the manifold", along),
              ...(straight ? [panel("Euclidean in latent space", straight)] : []),
            ],
          });
        },
      }),
    );
    const beside = straight ? `; Euclidean ${inWords(straight)}` : "";
    return {
      text: `${clusters} clusters of ${n} codes by ${method}, ${inWords(along)}${beside}: ${options.out}`,
      json: {
        out: options.out,
        method,
        silhouette: along.silhouette,
        agreement: along.agreement,
        euclidean: straight && { silhouette: straight.silhouette, agreement: straight.agreement },
      },
    };
  },
});

function grouped(
  matrix: Float32Array | Float64Array,
  method: Method,
  clusters: number,
  seed: number,
): Clustering {
  return method === "medoids"
    ? kMedoids(matrix, { clusters, seed })
    : agglomerative(matrix, { clusters, linkage: method });
}

const facts = ({ labels, medoids, cost, ...rest }: Found) => ({
  ...rest,
  ...(medoids && { medoids: [...medoids], cost }),
  labels: [...labels],
});

function inWords({ silhouette, agreement }: Found): string {
  const parts = [
    silhouette === null ? "" : `silhouette ${silhouette.toFixed(2)}`,
    agreement === null ? "" : `agreement with classes ${agreement.toFixed(2)}`,
  ];
  return parts.filter(Boolean).join(", ");
}
