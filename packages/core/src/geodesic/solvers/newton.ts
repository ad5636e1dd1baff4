/**
 * @file Newton's method on the energy of a curve with free nodes, second derivatives and all.
 *
 * Where the full Hessian is not positive a step is that of Gauss and Newton. Close to a minimum it is
 * positive, and convergence is quadratic where Gauss-Newton's is slow: near conjugate points, and
 * where residual bending is large.
 */
import { localSolver } from "../solver.ts";
import type { DescentState } from "./descent.ts";
import { answered, descend, firstPositive } from "./descent.ts";
import { dampedStep } from "./gauss-newton.ts";

export const newton = localSolver<DescentState>({
  kind: "local",
  name: "newton",
  accepts: ["map", "tensor"],
  init: (nodes, d, settings) =>
    descend(nodes, d, settings, (model, damping) =>
      firstPositive(model, (matrix) => dampedStep({ ...model, matrix }, d, damping)),
    ),
  ask: ({ trial }) => ({ nodes: trial, curvature: true }),
  tell: answered,
});
