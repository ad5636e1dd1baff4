/**
 * @file The steps of GEORCE (Rygaard and Hauberg 2025) on the energy of a curve, for any metric.
 *
 * Each step minimises the energy of a metric that is frozen where the curve is, with the slope of the
 * metric as a linear term. Written by the displacements of the curve that is a problem of optimal
 * control with a closed solution; by its nodes it is the block-tridiagonal system that is solved here.
 * For a map it is Gauss-Newton's, whose matrix has no slope of the metric either. Where a step does not
 * bring what it promises it is damped.
 */
import { descentSolver } from "./descent.ts";
import { dampedStep } from "./gauss-newton.ts";

export const georce = descentSolver({
  name: "georce",
  curvatureAfter: Number.POSITIVE_INFINITY,
  begin: (nodes) => ({
    nodes,
    step: (model, damping) =>
      dampedStep({ ...model, matrix: model.frozen ?? model.matrix }, damping),
  }),
});
