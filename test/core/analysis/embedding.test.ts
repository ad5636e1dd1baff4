/** Points whose distances are known come back, up to a motion; stress says what could not be kept. */
import { classicalScaling, InputError, random, smacof, umap } from "pullback-core";
import { describe, expect, test } from "vitest";

function cloud(n: number, d: number, seed = 1): Float64Array {
  const draw = random(seed, "cloud");
  return Float64Array.from({ length: n * d }, (_, i) => (1 + (i % d)) * draw.normal());
}

function matrix(points: Float64Array, d: number): Float64Array {
  const n = points.length / d;
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    const steps = Array.from(
      { length: d },
      (_, k) => (points[i * d + k] as number) - (points[j * d + k] as number),
    );
    return Math.hypot(...steps);
  });
}

describe.each([1, 2, 3])("points in %i dimensions", (d) => {
  const distances = matrix(cloud(50, d), d);

  test("come back from their distances", () => {
    for (const { points, stress } of [
      classicalScaling(distances, { dimensions: d }),
      smacof(distances, { dimensions: d }),
    ]) {
      expect(stress).toBeLessThan(1e-6);
      const again = matrix(points, d);
      for (const [i, x] of distances.entries())
        expect(Math.abs((again[i] as number) - x)).toBeLessThan(1e-5);
    }
  });
});

test("SMACOF's stress is below that of classical scaling where distances are of no plane", () => {
  // On a circle, the way along it.
  const n = 60;
  const ring = Float64Array.from({ length: n * n }, (_, at) => {
    const apart = Math.abs(Math.floor(at / n) - (at % n));
    return Math.min(apart, n - apart);
  });
  const [classical, better] = [classicalScaling(ring), smacof(ring)];
  expect(better.stress).toBeLessThan(0.999 * classical.stress);
  expect(better.stress).toBeGreaterThan(0.01);
  // Both draw the circle.
  for (const { points } of [classical, better]) {
    const radii = Array.from({ length: n }, (_, i) =>
      Math.hypot(...points.subarray(2 * i, 2 * i + 2)),
    );
    expect(Math.max(...radii) / Math.min(...radii)).toBeLessThan(1.05);
  }
});

test("more dimensions than the points have are zero", () => {
  const { points } = classicalScaling(matrix(cloud(20, 1), 1), { dimensions: 3 });
  for (let i = 0; i < 20; i++)
    expect(Math.hypot(...points.subarray(3 * i + 1, 3 * i + 3))).toBeLessThan(1e-6);
});

describe("umap", () => {
  const points = cloud(90, 2).map((x, i) => x + 40 * Math.floor(i / 60));
  const distances = matrix(points, 2);

  test("keeps clusters apart, the same for the same seed", () => {
    const found = umap(distances, { neighbours: 8 });
    const D = matrix(found, 2);
    let mixed = 0;
    for (let i = 0; i < 90; i++) {
      const nearest = Array.from({ length: 90 }, (_, j) => j)
        .filter((j) => j !== i)
        .reduce((best, j) => ((D[i * 90 + j] as number) < (D[i * 90 + best] as number) ? j : best));
      mixed += Number(Math.floor(i / 30) !== Math.floor(nearest / 30));
    }
    expect(mixed).toBe(0);
    expect(umap(distances, { neighbours: 8 })).toEqual(found);
    expect(umap(distances, { neighbours: 8, seed: 2 })).not.toEqual(found);
  });

  test("refuses fewer points than neighbours", () => {
    expect(() => umap(matrix(cloud(10, 2), 2))).toThrow(/more points than 15 neighbours, got 10/);
  });
});

test.each([
  [new Float64Array(6), /n x n, got 6 numbers/],
  [Float64Array.of(0, 1, Number.NaN, 0), /got NaN in row 1, column 0/],
  [Float64Array.of(0, -1, 1, 0), /got -1 in row 0, column 1/],
  [Float64Array.of(0, Infinity, 1, 0), /got Infinity/],
])("refuses what are no distances: %o", (distances, message) => {
  for (const f of [classicalScaling, smacof, umap]) {
    expect(() => f(distances)).toThrow(InputError);
    expect(() => f(distances)).toThrow(message);
  }
});
