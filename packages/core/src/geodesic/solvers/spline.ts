/**
 * @file Newton's descent among splines with few control points.
 *
 * The nodes of the curve lie on a C2 spline, one piece to every four segments, and only its control
 * points move: the local model of the nodes is projected onto them (Galerkin). Curves stay smooth,
 * and no segment can jump over a ridge while its neighbours lie beside it. That is what free nodes
 * do where a chord is much shorter than the arc below it: on decoders that fold, and in metrics with
 * nearly free directions (the smoothed one).
 */
import type { BSpline } from "../../curve/bspline.ts";
import {
  innerNodesOf,
  nearestControls,
  nodesOf,
  solveProjected,
  splineOver,
} from "../../curve/bspline.ts";
import type { LocalModel } from "../../curve/energy.ts";
import { descentSolver, firstPositive, patience } from "./descent.ts";

export const spline = descentSolver({
  name: "spline",
  curvatureAfter: patience,
  begin(nodes, d) {
    const segments = nodes.length / d - 1;
    const curve = splineOver(segments);
    return {
      nodes: nodesOf(curve, nearestControls(curve, nodes, d), d),
      step: (model, damping) => projectedStep(model, d, damping, curve),
    };
  },
});

/** B (B^T H B + damping)^-1 B^T (-g). */
function projectedStep(
  model: LocalModel,
  d: number,
  damping: number,
  curve: BSpline,
): Float64Array | null {
  const downhill = model.gradient.map((g) => -g);
  const free = firstPositive(model, (matrix) => solveProjected(curve, matrix, downhill, damping));
  return free && innerNodesOf(curve, free, d);
}
