/**
 * @file Gauss-Newton on the energy of a curve, with Levenberg's damping.
 *
 * Each step solves the block-tridiagonal system (H + mu tr(D_i)/d I) p = -g. For a map second
 * derivatives never appear, so it works on kinked decoders, and damping keeps it going where the
 * Jacobian loses rank. Convergence is linear, slow near conjugate points.
 */
import { solveBlockTridiagonal } from "../../array/linear.ts";
import type { LocalModel } from "../../curve/energy.ts";
import { descentSolver } from "./descent.ts";

export const gaussNewton = descentSolver({
  name: "gauss-newton",
  curvatureAfter: Number.POSITIVE_INFINITY,
  begin: (nodes, d) => ({ nodes, step: (model, damping) => dampedStep(model, d, damping) }),
});

/** The damped step of free nodes of `d` numbers; null where the matrix is not positive. */
export function dampedStep({ matrix, gradient }: LocalModel, d: number, damping: number) {
  const diagonal = matrix.diagonal.slice();
  for (let block = 0; block < gradient.length / d; block++) {
    const at = block * d * d;
    let trace = 0;
    for (let k = 0; k < d; k++) trace += diagonal[at + k * d + k] as number;
    // A block of zeros (the decoder does not move there) still needs a pivot.
    const weight = (damping * trace) / d || Number.MIN_VALUE * 2 ** 60;
    for (let k = 0; k < d; k++)
      diagonal[at + k * d + k] = (diagonal[at + k * d + k] as number) + weight;
  }
  return solveBlockTridiagonal(
    { ...matrix, diagonal },
    gradient.map((g) => -g),
  );
}
