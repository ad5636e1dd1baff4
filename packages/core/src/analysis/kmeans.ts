/**
 * @file k-means with distances and means along geodesics, from a seeded start.
 *
 * The start is that of k-means++ (Arthur and Vassilvitskii 2007). The chord in data space is below
 * any distance, so a centre whose chord is longer than the distance to the centre at hand is never
 * connected: most pairs cost a subtraction.
 */
import { InputError } from "../array/errors.ts";
import { distance } from "../array/linear.ts";
import { random } from "../array/random.ts";
import { joinRows, splitRows } from "../array/rows.ts";
import { evaluator } from "../curve/evaluator.ts";
import { connect } from "../geodesic/connect.ts";
import type { CentreOptions } from "./centre.ts";
import { findCentres, normalised } from "./centre.ts";
import { meanRule } from "./mean.ts";

export interface KMeansOptions extends CentreOptions {
  /** [n, d] */
  readonly points: Float64Array;
  readonly clusters: number;
  /** Rounds of assigning points and moving centres, 50 by default. */
  readonly mostRounds?: number;
}

export interface KMeans {
  /** [clusters, d] */
  readonly centres: Float64Array;
  /** Cluster of each point, [n]. */
  readonly labels: Int32Array;
  /** Distance of each point to its centre, [n]. */
  readonly distances: Float64Array;
  /** Sum of the squared distances. */
  readonly inertia: number;
  readonly rounds: number;
  /** Geodesics that assigning points took; all pairs in all rounds would be n k rounds. */
  readonly connected: number;
  /** `converged` where the last round moved no point to another cluster. */
  readonly status: "converged" | "maxIterations";
}

/** Who belongs where, and how far from the centre; changed in place. */
interface Assignment {
  readonly labels: Int32Array;
  readonly distances: Float64Array;
}

/** Distances from centres to points where they may be shorter than what is known. */
interface Ruler {
  /** Takes points to centres that are nearer than their own. */
  challenge(assignment: Assignment, centres: ReadonlyMap<number, Float64Array>): Promise<void>;
  readonly connected: () => number;
}

/**
 * Clusters points around Frechet means. Throws `InputError` for more clusters than points, and what
 * `connect` throws.
 */
export async function kMeans(options: KMeansOptions): Promise<KMeans> {
  const { points, clusters, mostRounds = 50, metric } = options;
  const d = metric.dimension;
  const n = normalised("k-means", points, d).length;
  if (!Number.isInteger(clusters) || clusters < 1 || clusters > n)
    throw new InputError(`k-means: expected 1 to ${n} clusters, got ${clusters}`);
  const rows = splitRows(points, d);
  const ruler = await rulerFor(options, rows);
  const assignment = {
    labels: new Int32Array(n),
    distances: new Float64Array(n).fill(Number.POSITIVE_INFINITY),
  };
  let centres = await plusPlus(options, rows, ruler, assignment);
  for (let round = 1; ; round++) {
    fillEmpty(assignment, centres, rows);
    const members = centres.map((_, cluster) =>
      rows.flatMap((_, i) => (assignment.labels[i] === cluster ? [i] : [])),
    );
    const found = await findCentres(
      options,
      centres.map((start, cluster) => {
        const own = joinRows((members[cluster] as number[]).map((i) => rows[i] as Float64Array));
        return { points: own, weights: normalised("k-means", own, d), start };
      }),
      meanRule,
    );
    centres = found.map(({ point }) => point);
    members.forEach((of, cluster) => {
      of.forEach((i, at) => {
        assignment.distances[i] = found[cluster]?.distances[at] as number;
      });
    });
    const before = assignment.labels.slice();
    await ruler.challenge(assignment, new Map(centres.entries()));
    const still = before.every((label, i) => label === assignment.labels[i]);
    if (!still && round < mostRounds) continue;
    return {
      centres: joinRows(centres),
      ...assignment,
      inertia: assignment.distances.reduce((sum, x) => sum + x * x, 0),
      rounds: round,
      connected: ruler.connected(),
      status: still ? "converged" : "maxIterations",
    };
  }
}

/** The first centre by chance, each other with chances as the squared distance to those before. */
async function plusPlus(
  { clusters, seed = 1 }: KMeansOptions,
  rows: readonly Float64Array[],
  ruler: Ruler,
  assignment: Assignment,
): Promise<Float64Array[]> {
  const draw = random(seed, "k-means");
  const centres: Float64Array[] = [];
  for (let cluster = 0; cluster < clusters; cluster++) {
    const squares = assignment.distances.map((x) => x * x);
    const next = cluster === 0 ? draw.integer(rows.length) : drawn(draw.uniform(), squares);
    const centre = (rows[next] as Float64Array).slice();
    centres.push(centre);
    await ruler.challenge(assignment, new Map([[cluster, centre]]));
  }
  return centres;
}

/** Index by chances that are in proportion to the weights. */
function drawn(uniform: number, weights: Float64Array): number {
  let left = uniform * weights.reduce((sum, weight) => sum + weight, 0);
  for (let i = 0; i < weights.length; i++) {
    left -= weights[i] as number;
    if (left < 0) return i;
  }
  // All points lie on centres already.
  return weights.length - 1;
}

/** A cluster that has lost its points begins again at the point that is farthest from its own. */
function fillEmpty(
  { labels, distances }: Assignment,
  centres: Float64Array[],
  rows: readonly Float64Array[],
): void {
  centres.forEach((_, cluster) => {
    if (labels.includes(cluster)) return;
    const alone = (i: number): boolean =>
      labels.filter((label) => label === labels[i]).length === 1;
    const farthest = Array.from(labels.keys())
      .filter((i) => !alone(i))
      .reduce((best, i) => ((distances[i] as number) > (distances[best] as number) ? i : best));
    labels[farthest] = cluster;
    distances[farthest] = 0;
    centres[cluster] = (rows[farthest] as Float64Array).slice();
  });
}

async function rulerFor(options: KMeansOptions, rows: readonly Float64Array[]): Promise<Ruler> {
  const { cache, metric, points, signal } = options;
  const evaluate = evaluator(cache, metric, signal);
  const images = async (z: Float64Array): Promise<Float64Array[]> => {
    if (metric.kind === "tensor") return [];
    const x = await evaluate.images(z);
    return splitRows(x, (x.length / z.length) * metric.dimension);
  };
  const data = await images(points);
  let connected = 0;
  return {
    connected: () => connected,
    async challenge({ labels, distances }, centres) {
      const shown = await images(joinRows([...centres.values()]));
      const pairs = [...centres].flatMap(([cluster, centre], at) =>
        rows.flatMap((_, i) => {
          if (labels[i] === cluster && distances[i] !== Number.POSITIVE_INFINITY) return [];
          const chord = shown[at]
            ? distance(shown[at], 0, data[i] as Float64Array, 0, shown[at].length)
            : 0;
          return chord < (distances[i] as number) ? [{ cluster, centre, i }] : [];
        }),
      );
      if (pairs.length === 0) return;
      connected += pairs.length;
      const ends = pairs.flatMap(({ centre, i }) => [centre, rows[i] as Float64Array]);
      const { geodesics } = await connect({
        ...options,
        engine: cache.engine,
        pairs: joinRows(ends),
      });
      pairs.forEach(({ cluster, i }, at) => {
        const length = geodesics[at]?.length as number;
        if (!(length < (distances[i] as number))) return;
        distances[i] = length;
        labels[i] = cluster;
      });
    },
  };
}
