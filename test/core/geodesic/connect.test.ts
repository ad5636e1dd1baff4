import { nativeEngine } from "pullback";
import { connect, straight } from "pullback-core";
import { describe, expect, test } from "vitest";
import {
  halfPlane,
  linear,
  paraboloid,
  sphere,
  stereographic,
  swissRoll,
  torus,
} from "../../reference/surfaces.ts";

const engine = nativeEngine({ threads: 1 });
const sphere5 = stereographic(5, [
  [
    [0.1, 0.2, -0.3, 0.1, 0.5],
    [-0.4, 0.3, 0.2, 0.6, -0.1],
  ],
]);

describe.each([linear, sphere, sphere5, torus, swissRoll, paraboloid, halfPlane])(
  "$name",
  (surface) => {
    test.each([
      ["float64", 1e-7, 1e-6],
      ["float32", 1e-3, 1e-4],
    ] as const)("length in %s", async (type, tolerance, allowed) => {
      const pairs = Float64Array.from(surface.pairs.flat(2));
      const { geodesics } = await connect({
        engine,
        metric: surface.metric(type),
        pairs,
        tolerance,
        starts: [straight],
      });
      geodesics.forEach((geodesic, i) => {
        const [a, b] = surface.pairs[i] as (typeof surface.pairs)[0];
        const expected = surface.distance(a, b);
        expect(geodesic.status).toBe("converged");
        expect(Math.abs(geodesic.length - expected) / expected).toBeLessThan(allowed);
      });
    });
  },
);
