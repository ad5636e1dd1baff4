import fc from "fast-check";
import { random } from "pullback-core";
import { expect, test } from "vitest";
import {
  dot,
  fallingDirection,
  solveBlockTridiagonal,
} from "../../../packages/core/src/array/linear.ts";

/** H = B B^T + I for a random block-bidiagonal B: positive definite and block-tridiagonal. */
function randomSystem(seed: number, n: number, d: number) {
  const draw = random(seed, "system");
  const matrix = (): number[][] =>
    Array.from({ length: d }, () => Array.from({ length: d }, () => draw.normal()));
  const lower = Array.from({ length: n }, matrix);
  const side = Array.from({ length: n }, matrix);
  const timesTranspose = (a: number[][], b: number[][]): number[][] =>
    a.map((row) => b.map((other) => row.reduce((sum, x, k) => sum + x * (other[k] as number), 0)));
  const diagonal = new Float64Array(n * d * d);
  const above = new Float64Array((n - 1) * d * d);
  for (let i = 0; i < n; i++) {
    const own = timesTranspose(lower[i] as number[][], lower[i] as number[][]);
    const before = i > 0 ? timesTranspose(side[i] as number[][], side[i] as number[][]) : null;
    for (let r = 0; r < d; r++)
      for (let c = 0; c < d; c++)
        diagonal[(i * d + r) * d + c] =
          (own[r]?.[c] as number) + (before?.[r]?.[c] ?? 0) + (r === c ? 1 : 0);
    // (B B^T)_{i, i+1} = L_i S_{i+1}^T
    if (i < n - 1) {
      const block = timesTranspose(lower[i] as number[][], side[i + 1] as number[][]);
      above.set(block.flat(), i * d * d);
    }
  }
  return { d, diagonal, above };
}

function multiply({ d, diagonal, above }: ReturnType<typeof randomSystem>, x: Float64Array) {
  const n = x.length / d;
  const result = new Float64Array(x.length);
  const add = (row: number, column: number, entry: number): void => {
    result[row] = (result[row] as number) + entry * (x[column] as number);
  };
  for (let i = 0; i < n; i++)
    for (let r = 0; r < d; r++)
      for (let c = 0; c < d; c++) {
        add(i * d + r, i * d + c, diagonal[(i * d + r) * d + c] as number);
        if (i === n - 1) continue;
        const entry = above[(i * d + r) * d + c] as number;
        add(i * d + r, (i + 1) * d + c, entry);
        add((i + 1) * d + c, i * d + r, entry);
      }
  return result;
}

test("a block-tridiagonal system is solved to rounding", () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 5 }),
      (seed, n, d) => {
        const system = randomSystem(seed, n, d);
        const draw = random(seed, "x");
        const x = Float64Array.from({ length: n * d }, () => draw.normal());
        const solved = solveBlockTridiagonal(system, multiply(system, x)) as Float64Array;
        const error = solved.map((value, i) => value - (x[i] as number));
        expect(Math.sqrt(dot(error, error))).toBeLessThan(1e-8 * (1 + Math.sqrt(dot(x, x))));
      },
    ),
  );
});

test("a matrix that is not positive definite is told from one that is", () => {
  const system = randomSystem(3, 6, 2);
  expect(solveBlockTridiagonal(system, new Float64Array(12))).not.toBeNull();
  const diagonal = system.diagonal.slice();
  diagonal[4 * 4] = (diagonal[4 * 4] as number) - 100;
  expect(solveBlockTridiagonal({ ...system, diagonal }, new Float64Array(12))).toBeNull();
});

test("a matrix falls along the direction that is found, and along none where it is positive", () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 5 }),
      (seed, n, d) => {
        const system = randomSystem(seed, n, d);
        expect(fallingDirection(system)).toBeNull();
        // Eigenvalues are at least 1; one is taken below zero along a random vector.
        const draw = random(seed, "down");
        const block = draw.integer(n);
        const diagonal = system.diagonal.slice();
        const entry = (block * d + draw.integer(d)) * d;
        const k = (entry / d) % d;
        diagonal[entry + k] = -1;
        const matrix = { ...system, diagonal };
        const p = fallingDirection(matrix) as Float64Array;
        expect(dot(p, multiply(matrix, p))).toBeLessThan(0);
      },
    ),
  );
});
