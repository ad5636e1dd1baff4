/**
 * @file Newton's descent among splines with few control points.
 *
 * The nodes of the curve lie on a C2 spline through control points, one to every six segments, and
 * only those move: the local model of the nodes is projected onto them (Galerkin). Curves stay
 * smooth, and no segment can jump over a ridge while its neighbours lie beside it, which is what
 * metrics with nearly free directions (the smoothed one) invite.
 */
import { backward, cholesky, forward } from "../../array/linear.ts";
import type { LocalModel } from "../../curve/energy.ts";
import type { Nodes } from "../../curve/polyline.ts";
import { splineAt, splineThrough } from "../../curve/spline.ts";
import { localSolver } from "../solver.ts";
import type { DescentState } from "./descent.ts";
import { answered, descend } from "./descent.ts";

const segmentsPerControl = 6;

export const spline = localSolver<DescentState>({
  kind: "local",
  name: "spline",
  accepts: ["map", "tensor"],
  init(nodes, d, settings) {
    const segments = nodes.length / d - 1;
    const pieces = Math.max(2, Math.round(segments / segmentsPerControl));
    const basis = basisOf(segments, pieces);
    return descend(onSpline(nodes, d, pieces), d, settings, (model, damping) =>
      projectedStep(model, d, damping, basis, pieces - 1),
    );
  },
  ask: ({ trial }) => trial,
  tell: answered,
});

/** The curve's nodes moved onto the spline through every sixth of them, roughly. */
function onSpline(nodes: Nodes, d: number, pieces: number): Nodes {
  const segments = nodes.length / d - 1;
  const velocity = new Float64Array(nodes.length);
  const along = (spline: ReturnType<typeof splineThrough>, steps: number): Nodes => {
    const points = new Float64Array((steps + 1) * d);
    for (let i = 0; i <= steps; i++)
      splineAt(
        spline,
        (i * spline.segments) / steps,
        points,
        velocity.subarray(i * d, (i + 1) * d),
        i * d,
      );
    points.set(nodes.subarray(0, d), 0);
    points.set(nodes.subarray(nodes.length - d), steps * d);
    return points;
  };
  const controls = along(splineThrough(nodes, d), pieces);
  return along(splineThrough(controls, d), segments);
}

/** How much each inner node follows each inner control point: [segments - 1, pieces - 1]. */
function basisOf(segments: number, pieces: number): Float64Array {
  const controls = pieces - 1;
  const units = new Float64Array((pieces + 1) * controls);
  for (let c = 0; c < controls; c++) units[(c + 1) * controls + c] = 1;
  const spline = splineThrough(units, controls);
  const basis = new Float64Array((segments - 1) * controls);
  const unused = new Float64Array(controls);
  for (let i = 1; i < segments; i++)
    splineAt(spline, (i * pieces) / segments, basis.subarray((i - 1) * controls), unused, 0);
  return basis;
}

/** B (B^T H B + damping)^-1 B^T (-g). */
function projectedStep(
  { gradient, matrix }: LocalModel,
  d: number,
  damping: number,
  basis: Float64Array,
  controls: number,
): Float64Array | null {
  const nodes = gradient.length / d;
  const size = controls * d;
  const weight = (i: number, c: number): number => basis[i * controls + c] as number;
  const right = new Float64Array(size);
  const H = new Float64Array(size * size);
  /** Adds a node's row of blocks: its own, and that with the next node, both ways. */
  for (let i = 0; i < nodes; i++)
    for (let a = 0; a < controls; a++) {
      const wa = weight(i, a);
      for (let k = 0; k < d; k++)
        right[a * d + k] = (right[a * d + k] as number) - wa * (gradient[i * d + k] as number);
      for (let b = 0; b < controls; b++) {
        const own = wa * weight(i, b);
        const next = i < nodes - 1 ? wa * weight(i + 1, b) : 0;
        for (let k = 0; k < d; k++)
          for (let l = 0; l < d; l++) {
            const [row, column] = [a * d + k, b * d + l];
            const at = i * d * d + k * d + l;
            const there = row * size + column;
            H[there] = (H[there] as number) + own * (matrix.diagonal[at] as number);
            if (next === 0) continue;
            const beside = next * (matrix.above[at] as number);
            H[there] = (H[there] as number) + beside;
            H[column * size + row] = (H[column * size + row] as number) + beside;
          }
      }
    }
  let trace = 0;
  for (let i = 0; i < size; i++) trace += H[i * (size + 1)] as number;
  for (let i = 0; i < size; i++)
    H[i * (size + 1)] = (H[i * (size + 1)] as number) + (damping * trace) / size;
  if (!cholesky(H, size)) return null;
  forward(H, size, 0, right, 0, 1);
  backward(H, size, 0, right, 0, 1);
  const step = new Float64Array(gradient.length);
  for (let i = 0; i < nodes; i++)
    for (let c = 0; c < controls; c++)
      for (let k = 0; k < d; k++)
        step[i * d + k] = (step[i * d + k] as number) + weight(i, c) * (right[c * d + k] as number);
  return step;
}
