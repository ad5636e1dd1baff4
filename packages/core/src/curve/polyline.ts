/** @file Curves as nodes z_0 … z_N joined by straight latent segments: nodes [N + 1, d], flat. */
import { distance } from "../array/linear.ts";

export type Nodes = Float64Array;

/** N + 1 nodes on the straight line between two points. */
export function straightNodes(from: Nodes, to: Nodes, segments: number): Nodes {
  const d = from.length;
  const nodes = new Float64Array((segments + 1) * d);
  for (let i = 0; i <= segments; i++)
    for (let k = 0; k < d; k++) {
      const t = i / segments;
      nodes[i * d + k] = (1 - t) * (from[k] as number) + t * (to[k] as number);
    }
  // Exact end points: (1 - t) a + t b rounds.
  nodes.set(from, 0);
  nodes.set(to, segments * d);
  return nodes;
}

/** Lengths of the segments in latent space. */
export function segmentLengths(nodes: Nodes, d: number): Float64Array {
  const lengths = new Float64Array(nodes.length / d - 1);
  for (let i = 0; i < lengths.length; i++)
    lengths[i] = distance(nodes, i * d, nodes, (i + 1) * d, d);
  return lengths;
}

/**
 * N + 1 nodes along a polyline at equal steps of its length, which is latent unless `weights`
 * give each segment another.
 */
export function resample(
  nodes: Nodes,
  d: number,
  segments: number,
  weights: Float64Array = segmentLengths(nodes, d),
): Nodes {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const last = weights.length;
  const result = new Float64Array((segments + 1) * d);
  let segment = 0;
  let passed = 0;
  for (let i = 0; i <= segments; i++) {
    const target = (total * i) / segments;
    while (segment < last - 1 && passed + (weights[segment] as number) < target) {
      passed += weights[segment] as number;
      segment++;
    }
    const weight = weights[segment] as number;
    const t = weight > 0 ? Math.min(1, Math.max(0, (target - passed) / weight)) : 0;
    for (let k = 0; k < d; k++) {
      const a = nodes[segment * d + k] as number;
      const b = nodes[(segment + 1) * d + k] as number;
      result[i * d + k] = (1 - t) * a + t * b;
    }
  }
  result.set(nodes.subarray(0, d), 0);
  result.set(nodes.subarray(nodes.length - d), segments * d);
  return result;
}
