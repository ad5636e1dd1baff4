/**
 * @file Shortest ways over a lattice by fronts, for two latent dimensions.
 *
 * A front knows every direction, where the edges of `grid` know sixteen and are a few per cent too long in
 * the others, which is enough to end in another valley. It sees the metric at the nodes alone, though, and
 * not what lies between them. Each way goes down the field of distances of its pair's first point.
 */
import type { Nodes } from "../curve/polyline.ts";
import { ballAround } from "../neighbourhood/ball.ts";
import { tensorAt } from "../neighbourhood/between.ts";
import type { LatentLattice } from "../neighbourhood/lattice.ts";
import { latentLattice } from "../neighbourhood/lattice.ts";
import type { Front } from "../neighbourhood/marching.ts";
import { march } from "../neighbourhood/marching.ts";
import { cornersOf, wayDown } from "../neighbourhood/trace.ts";
import { boxAround, lastFound } from "./box.ts";
import { smooth } from "./paths.ts";
import type { Pairs, Start } from "./start.ts";
import { ends, pairCount } from "./start.ts";

/** Nodes a side of the lattice around a source: a start needs no distance to a per cent. */
const ballSide = 33;

/**
 * Starts from fronts over a lattice of `grid` nodes a side over all pairs and latents. The last lattice is
 * kept: asked again in the same metric over the same box, nothing is evaluated anew.
 */
export function frontStart({ grid = 321 } = {}): Start {
  const kept = lastFound<LatentLattice>();
  return {
    name: "front",
    async propose({ evaluator, pairs, latents, signal }) {
      if (pairs.d !== 2) return Array.from({ length: pairCount(pairs) }, () => null);
      const { cache, metric } = evaluator;
      const bounds = boxAround(pairs, latents);
      const lattice = await kept(metric, bounds, () =>
        latentLattice({ cache, metric, bounds, grid, signal }),
      );
      const ways: (Nodes | null)[] = Array.from({ length: pairCount(pairs) }, () => null);
      for (const members of bySource(pairs)) {
        signal?.throwIfAborted();
        const { from } = ends(pairs, members[0] as number);
        const targets = members.map((i) => ends(pairs, i).to);
        const front = frontFrom(lattice, from, targets);
        if (!front) continue;
        members.forEach((i, k) => {
          ways[i] = wayBetween(lattice, front, from, targets[k] as Nodes);
        });
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

/** Until it has passed the targets; null where the metric is not finite at the source. */
function frontFrom(
  { stencils, place }: LatentLattice,
  source: Nodes,
  targets: readonly Nodes[],
): Front | null {
  const at = place(source[0] as number, source[1] as number);
  if (!Number.isFinite(tensorAt(stencils, ...at)[0])) return null;
  const ball = ballAround(stencils, ...at, ballSide);
  const marks = new Uint8Array(stencils.width * stencils.height);
  for (const [x, y] of targets)
    for (const node of cornersOf(stencils, ...place(x as number, y as number))) marks[node] = 1;
  const count = marks.reduce((sum, mark) => sum + mark, 0);
  return march(stencils, ball, { loose: ball.corners, until: { marks, count } });
}

function wayBetween(
  { stencils, place, point }: LatentLattice,
  front: Front,
  from: Nodes,
  to: Nodes,
): Nodes | null {
  const at = (z: Nodes) => place(z[0] as number, z[1] as number);
  const way = wayDown(stencils, front, at(from), at(to));
  if (!way) return null;
  const nodes = new Float64Array(way.length);
  for (let i = 0; i < way.length; i += 2)
    nodes.set(point(way[i] as number, way[i + 1] as number), i);
  nodes.set(from, 0);
  nodes.set(to, nodes.length - 2);
  return smooth(nodes, 2, 4);
}
