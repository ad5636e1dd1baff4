/**
 * @file Shortest ways over a lattice by fronts, for two latent dimensions.
 *
 * Slower than `grid` by a front a pair, and closer: where that one is a few per cent too long, it can
 * end in another valley. Each way goes down the field of distances of its pair's first point.
 */
import type { Nodes } from "../curve/polyline.ts";
import type { Bounds } from "../metric/magnification.ts";
import { ballAround } from "../neighbourhood/ball.ts";
import { tensorAt } from "../neighbourhood/between.ts";
import type { LatentLattice } from "../neighbourhood/lattice.ts";
import { latentLattice } from "../neighbourhood/lattice.ts";
import type { Front } from "../neighbourhood/marching.ts";
import { march } from "../neighbourhood/marching.ts";
import { traceBack } from "../neighbourhood/trace.ts";
import { boundingBox } from "./paths.ts";
import type { Pairs, Start } from "./start.ts";
import { ends, pairCount } from "./start.ts";

/** Starts from fronts over a lattice of `grid` nodes a side over all pairs and latents. */
export function frontStart({ grid = 321 } = {}): Start {
  return {
    name: "front",
    async propose({ evaluator, pairs, latents, signal }) {
      if (pairs.d !== 2) return Array.from({ length: pairCount(pairs) }, () => null);
      const { cache, metric } = evaluator;
      const bounds = around(pairs, latents);
      const lattice = await latentLattice({ cache, metric, bounds, grid, signal });
      const ways: (Nodes | null)[] = Array.from({ length: pairCount(pairs) }, () => null);
      for (const members of bySource(pairs)) {
        signal?.throwIfAborted();
        const front = frontFrom(lattice, ends(pairs, members[0] as number).from);
        if (!front) continue;
        for (const i of members) ways[i] = wayBetween(lattice, front, ends(pairs, i));
      }
      return ways;
    },
  };
}

/** Pairs that share their first point: one front serves them. */
function bySource(pairs: Pairs): Iterable<readonly number[]> {
  const groups = new Map<string, number[]>();
  for (let i = 0; i < pairCount(pairs); i++) {
    const key = ends(pairs, i).from.join();
    const known = groups.get(key);
    if (known) known.push(i);
    else groups.set(key, [i]);
  }
  return groups.values();
}

function around(pairs: Pairs, latents: Float64Array): Bounds {
  const all = new Float64Array(pairs.points.length + latents.length);
  all.set(pairs.points);
  all.set(latents, pairs.points.length);
  const [x, y] = boundingBox(all, 2, 0.1) as [[number, number], [number, number]];
  return [...x, ...y];
}

/** Null where the metric is not finite at the point. */
function frontFrom({ stencils, place }: LatentLattice, [x, y]: Nodes): Front | null {
  const at = place(x as number, y as number);
  if (!Number.isFinite(tensorAt(stencils, ...at)[0])) return null;
  const ball = ballAround(stencils, ...at);
  return march(stencils, ball, { loose: ball.corners });
}

function wayBetween(
  { stencils, place, point }: LatentLattice,
  front: Front,
  { from, to }: { readonly from: Nodes; readonly to: Nodes },
): Nodes | null {
  const at = (z: Nodes) => place(z[0] as number, z[1] as number);
  const way = traceBack(stencils, front, at(from), at(to));
  if (!way) return null;
  const nodes = new Float64Array(way.length);
  for (let i = 0; i < way.length; i += 2)
    nodes.set(point(way[i] as number, way[i + 1] as number), i);
  nodes.set(from, 0);
  nodes.set(to, nodes.length - 2);
  return nodes;
}
