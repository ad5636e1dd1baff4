import { nativeEngine } from "pullback";
import { connect, spline, straight } from "pullback-core";
import { expect, test } from "vitest";
import { halfPlane, paraboloid, sphere, swissRoll, torus } from "../../../reference/surfaces.ts";

const engine = nativeEngine({ threads: 1 });

test.each([sphere, torus, swissRoll, paraboloid, halfPlane])(
  "splines find the geodesics of $name to 1e-3",
  async (surface) => {
    const { geodesics, solver } = await connect({
      engine,
      metric: surface.metric("float64"),
      pairs: Float64Array.from(surface.pairs.flat(2)),
      starts: [straight],
      solver: spline,
    });
    expect(solver).toBe("spline");
    surface.pairs.forEach(([a, b], i) => {
      expect((geodesics[i]?.length as number) / surface.distance(a, b)).toBeCloseTo(1, 3);
      expect(geodesics[i]?.status).toBe("converged");
    });
  },
);

test("the curve is a spline of one piece to every four segments", async () => {
  const { geodesics } = await connect({
    engine,
    metric: sphere.metric("float64"),
    pairs: Float64Array.of(0, -1, 0.5, 0.5),
    starts: [straight],
    solver: spline,
    segments: { first: 12, most: 12 },
  });
  // Three pieces: fourth differences vanish within each.
  const curve = geodesics[0]?.curve as Float64Array;
  const x = Array.from({ length: 13 }, (_, i) => curve[2 * i] as number);
  const at = (i: number): number => x[i] as number;
  for (const i of [0, 4, 8])
    expect(at(i) - 4 * at(i + 1) + 6 * at(i + 2) - 4 * at(i + 3) + at(i + 4)).toBeCloseTo(0, 10);
});
