/**
 * @file Shortest paths on a graph over the data's latent codes, for any latent dimension.
 *
 * Vertices are latent codes and the pairs' own points; edges go to the nearest neighbours in
 * latent space and weigh their length along the straight latent segment. Components are joined by
 * their closest points, so that there is always a path.
 */
import { random } from "../array/random.ts";
import { edgeLengths } from "../curve/edges.ts";
import type { Evaluator } from "../curve/evaluator.ts";
import { bridges } from "../neighbourhood/bridges.ts";
import { nearest } from "../neighbourhood/nearest.ts";
import type { SparseGraph } from "../neighbourhood/sparse.ts";
import { sparseGraph } from "../neighbourhood/sparse.ts";
import { pathsBetween, smooth } from "./paths.ts";
import type { Start } from "./start.ts";

/** Straight pieces along which the length of an edge is summed. */
const edgeParts = 8;

/** Starts from a graph over at most `vertices` latent codes, each with `neighbours` edges. */
export function graphStart({ vertices = 1500, neighbours = 12 } = {}): Start {
  return {
    name: "graph",
    async propose({ evaluator, pairs, latents, seed }) {
      const { d } = pairs;
      const chosen = sample(
        latents.length > 0 ? latents : prior(vertices, d, seed),
        d,
        vertices,
        seed,
      );
      const points = new Float64Array(chosen.length + pairs.points.length);
      points.set(chosen);
      points.set(pairs.points, chosen.length);
      const network = await connected(evaluator, points, d, neighbours);
      const first = chosen.length / d;
      const entry = Int32Array.from({ length: pairs.points.length / d }, (_, i) => first + i);
      const paths = pathsBetween(network, points, pairs, entry);
      return paths.map((path) => path && smooth(path, d, 1));
    },
  };
}

/** Draws of the prior stand in where no latent codes are known. */
function prior(count: number, d: number, seed: number): Float64Array {
  const draw = random(seed, "start", "prior");
  return Float64Array.from({ length: count * d }, () => draw.normal());
}

function sample(points: Float64Array, d: number, count: number, seed: number): Float64Array {
  const total = points.length / d;
  if (total <= count) return points;
  const order = random(seed, "start", "sample").permutation(total);
  const chosen = new Float64Array(count * d);
  for (let i = 0; i < count; i++) {
    const from = (order[i] as number) * d;
    chosen.set(points.subarray(from, from + d), i * d);
  }
  return chosen;
}

/** The neighbour graph, its components joined where they come closest. */
async function connected(
  evaluator: Evaluator,
  points: Float64Array,
  d: number,
  neighbours: number,
): Promise<SparseGraph> {
  const count = points.length / d;
  const table = nearest(points, d, neighbours);
  const edges = new Map<number, readonly [number, number]>();
  const link = (a: number, b: number): void => {
    edges.set(Math.min(a, b) * count + Math.max(a, b), [a, b]);
  };
  table.forEach((other, i) => {
    if (other >= 0) link(Math.floor(i / neighbours), other);
  });
  const ends = (): [from: number[], to: number[]] => [
    [...edges.values()].map(([a]) => a),
    [...edges.values()].map(([, b]) => b),
  ];
  const unweighted = sparseGraph(count, ...ends(), new Float64Array(edges.size));
  for (const [a, b] of bridges(unweighted, points, d)) link(a, b);
  const [from, to] = ends();
  const lengths = await edgeLengths(evaluator, points, from, to, edgeParts);
  return sparseGraph(count, from, to, lengths);
}
