/**
 * @file Newton's method on the energy of a curve with free nodes, second derivatives and all.
 *
 * Where the full Hessian is not positive a step is that of Gauss and Newton. Close to a minimum it is
 * positive, and convergence is quadratic where Gauss-Newton's is slow: near conjugate points, and
 * where residual bending is large.
 */
import { descentSolver, firstPositive } from "./descent.ts";
import { dampedStep } from "./gauss-newton.ts";

export const newton = descentSolver({
  name: "newton",
  curvatureAfter: 0,
  begin: (nodes) => ({
    nodes,
    step: (model, damping) =>
      firstPositive(model, (matrix) => dampedStep({ ...model, matrix }, damping)),
  }),
});
