import { nativeEngine } from "pullback";
import type { Decoder, MapMetric } from "pullback-core";
import {
  axisPlane,
  concat,
  constant,
  decoder,
  graph,
  input,
  magnificationMap,
  matmul,
  mul,
  slice,
  tensorFrom,
} from "pullback-core";
import { describe, expect, test } from "vitest";
import { gridPoints } from "../../../packages/core/src/metric/magnification.ts";
import type { Surface } from "../../reference/surfaces.ts";
import {
  linear,
  paraboloid,
  sphere,
  stereographic,
  swissRoll,
  torus,
} from "../../reference/surfaces.ts";

const engine = nativeEngine({ threads: 1 });

function decoderOf(surface: Surface, type: "float32" | "float64"): Decoder {
  const { map } = surface.metric(type) as MapMetric;
  return decoder(
    graph(Object.values(map.inputs), { mean: map.outputs.x as (typeof map.outputs)[string] }),
  );
}

test.each([linear, sphere, torus, swissRoll, paraboloid])(
  "MF of $name (Eq. 18)",
  async (surface) => {
    for (const [type, digits] of [
      ["float64", 12],
      ["float32", 5],
    ] as const) {
      const bounds = [0.25, 1.75, -1, 1] as const;
      const map = await magnificationMap({
        engine,
        decoder: decoderOf(surface, type),
        bounds,
        grid: 9,
      });
      const points = gridPoints(axisPlane(2), bounds, 9);
      map.magnification.forEach((factor, i) => {
        const expected = surface.magnification?.([...points.subarray(2 * i, 2 * i + 2)]) as number;
        expect(Math.exp(map.logMagnification[i] as number) / expected).toBeCloseTo(1, digits);
        expect(factor / expected).toBeCloseTo(1, 5);
      });
    }
  },
);

test("row 0 of the map lies at y0, columns run along x", async () => {
  const bounds = [1, 3, -2, 2] as const;
  const map = await magnificationMap({
    engine,
    decoder: decoderOf(swissRoll, "float64"),
    bounds,
    grid: 5,
  });
  expect(map.magnification[0]).toBeCloseTo(Math.sqrt(2), 5);
  expect(map.magnification[4]).toBeCloseTo(Math.sqrt(10), 5);
  expect([...gridPoints(axisPlane(2), bounds, 5).subarray(0, 4)]).toEqual([1, -2, 1.5, -2]);
});

describe("a nearly singular metric", () => {
  test("loses no digits to cancellation in float32", async () => {
    // Two columns that differ by 1e-4: det G = 1e-8 |a|^2 …, far below what 1 - cos^2 resolves.
    const z = input("z", "float32", ["n", 2]);
    const W = constant(tensorFrom("float32", [2, 2], [1, 1, 1, 1 + 2 ** -13]));
    const d = decoder(graph([z], { mean: matmul(z, W) }));
    const { magnification } = await magnificationMap({
      engine,
      decoder: d,
      bounds: [0, 1, 0, 1],
      grid: 2,
    });
    expect((magnification[0] as number) * 2 ** 13).toBeCloseTo(1, 3);
  });

  test("that is singular has no volume, and no error", async () => {
    const z = input("z", "float32", ["n", 2]);
    const once = slice(z, 1, 0, 1);
    const d = decoder(graph([z], { mean: concat([once, mul(once, 2)], 1) }));
    const { magnification } = await magnificationMap({
      engine,
      decoder: d,
      bounds: [0, 1, 0, 1],
      grid: 2,
    });
    for (const factor of magnification) expect(factor).toBeLessThan(1e-15);
  });
});

test("a plane in more dimensions restricts G, `full` does not", async () => {
  const surface = stereographic(3, []);
  const plane = {
    origin: [0.1, 0.2, 0.3],
    axes: [
      [1, 0, 0],
      [0, 0.6, 0.8],
    ],
  };
  const options = {
    engine,
    decoder: decoderOf(surface, "float64"),
    plane,
    bounds: [-1, 1, -1, 1] as const,
    grid: 3,
  };
  const [part, whole] = [
    await magnificationMap(options),
    await magnificationMap({ ...options, full: true }),
  ];
  const points = gridPoints(plane, options.bounds, 3);
  part.logMagnification.forEach((log, i) => {
    const z = points.subarray(3 * i, 3 * i + 3);
    const conformal = 2 / (1 + z.reduce((sum, x) => sum + x * x, 0));
    expect(log).toBeCloseTo(2 * Math.log(conformal), 10);
    expect(whole.logMagnification[i]).toBeCloseTo(3 * Math.log(conformal), 10);
  });
});

test.each([
  [{ bounds: [3, -3, 0, 1] as const }, "map: expected bounds with x0 < x1, got 3, -3"],
  [{ bounds: [0, 1, 2, 2] as const }, "map: expected bounds with y0 < y1, got 2, 2"],
  [{ bounds: [0, 1, 0, Number.NaN] as const }, "map: expected bounds with y0 < y1"],
  [
    { bounds: [0, 1, 0, 1] as const, grid: 1 },
    "map: expected a grid of at least 2 points a side, got 1",
  ],
  [
    { bounds: [0, 1, 0, 1] as const, plane: axisPlane(3) },
    "map: expected a plane in 2 latent dimensions",
  ],
])("refuses %j", async (options, message) => {
  await expect(
    magnificationMap({ engine, decoder: decoderOf(torus, "float32"), ...options }),
  ).rejects.toThrow(message);
});
