/**
 * @file Gauss-Newton on the energy of a curve, with Levenberg's damping.
 *
 * Each step solves the block-tridiagonal system (H + mu tr(D_i)/d I) p = -g. For a map second
 * derivatives never appear, so it works on kinked decoders, and damping keeps it going where the
 * Jacobian loses rank. Convergence is linear, slow near conjugate points.
 */
import { damped, solveBlockTridiagonal } from "../../array/linear.ts";
import type { LocalModel } from "../../curve/energy.ts";
import { descentSolver } from "./descent.ts";

export const gaussNewton = descentSolver({
  name: "gauss-newton",
  curvatureAfter: Number.POSITIVE_INFINITY,
  begin: (nodes) => ({ nodes, step: dampedStep }),
});

/** The damped step of free nodes; null where the matrix is not positive. */
export function dampedStep({ matrix, gradient }: LocalModel, damping: number) {
  return solveBlockTridiagonal(
    damped(matrix, damping),
    gradient.map((g) => -g),
  );
}
