/**
 * Tolerances, float64: holonomy of circles on the sphere and turning along horizontals of the
 * half-plane 1e-8; the velocity of a geodesic 1e-7 (its nodes are a spline's); isometry 1e-9; pole
 * ladder on both surfaces, which are symmetric spaces, 1e-8 a rung, second order on a paraboloid.
 */
import { nativeEngine } from "pullback";
import type { FloatType, Metric, Shot, Transport } from "pullback-core";
import {
  concat,
  decoder,
  graph,
  input,
  mul,
  parallelTransport,
  poleLadder,
  programCache,
  pullback,
  relu,
  resample,
  shoot,
  slice,
  smoothed,
  square,
  straightNodes,
  transported,
} from "pullback-core";
import { afterAll, describe, expect, test } from "vitest";
import { halfPlane, paraboloid, sphere, stereographic, torus } from "../../reference/surfaces.ts";

const engine = nativeEngine({ threads: 1 });
const cache = programCache(engine);
afterAll(() => engine.dispose());

const along = async (metric: Metric, nodes: ArrayLike<number>): Promise<Transport> => {
  const [transport] = await parallelTransport({
    cache,
    metric,
    curves: [Float64Array.from(nodes)],
  });
  return transport as Transport;
};

function near(got: ArrayLike<number>, expected: readonly number[], allowed: number): void {
  expected.forEach((x, k) => {
    expect(Math.abs((got[k] as number) - x), `${Array.from(got)}`).toBeLessThan(allowed);
  });
}

/** (x, y) to (x^2, y). */
function foldedMetric(): Metric {
  const z = input("z", "float64", ["n", 2]);
  const [x, y] = [slice(z, 1, 0, 1), slice(z, 1, 1, 2)];
  return pullback(decoder(graph([z], { mean: concat([square(x), y], 1) })));
}

const circle = (radius: number, segments: number): number[] =>
  Array.from({ length: segments + 1 }, (_, i) => {
    const angle = (2 * Math.PI * i) / segments;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  }).flat();

describe("the equation of transport", () => {
  test.each([0.2, 0.6, 1])("around a cap of the sphere turns by its area, |z| = %d", async (r) => {
    const transport = await along(sphere.metric("float64"), circle(r, 400));
    const area = (4 * Math.PI * r * r) / (1 + r * r);
    near(
      transport.matrices.subarray(-4),
      [Math.cos(area), -Math.sin(area), Math.sin(area), Math.cos(area)],
      1e-8,
    );
    expect(transport.defect).toBeLessThan(1e-9);
    expect(transport.error).toBeLessThan(1e-8);
  });

  test("along a horizontal of the half-plane turns by length over height", async () => {
    const y = 0.8;
    const nodes = straightNodes(Float64Array.of(-1, y), Float64Array.of(1, y), 4);
    const transport = await along(halfPlane.metric("float64"), nodes);
    for (const node of [1, 4]) {
      const turn = node / 2 / y;
      near(transported(transport, [1, 0], node), [Math.cos(turn), -Math.sin(turn)], 1e-8);
      near(transported(transport, [0, 1], node), [Math.sin(turn), Math.cos(turn)], 1e-8);
    }
  });

  test.each([sphere, halfPlane, paraboloid, torus])(
    "keeps the velocity of a geodesic of $name, and lengths and angles",
    async (surface) => {
      const metric = surface.metric("float64");
      const [shot] = (await shoot({
        cache,
        metric,
        points: Float64Array.of(0.3, 0.8),
        velocities: Float64Array.of(0.7, -0.4),
        segments: 200,
      })) as [Shot];
      const transport = await along(metric, shot.curve);
      near(transported(transport, [0.7, -0.4]), [...shot.velocity], 1e-7);
      expect(transport.defect).toBeLessThan(1e-9);
    },
  );

  test("goes there and back without a trace, in five dimensions", async () => {
    const metric = stereographic(5, []).metric("float64");
    const [a, b] = [Float64Array.of(0.1, 0.2, -0.3, 0.1, 0.5), Float64Array.of(1, 0, 0.2, -0.4, 0)];
    const there = await along(metric, straightNodes(a, b, 20));
    const back = await along(metric, straightNodes(b, a, 20));
    const vector = [1, -2, 0.5, 0.25, 3];
    near(transported(back, transported(there, vector)), vector, 1e-8);
  });

  test("in float32 is right to 1e-4", async () => {
    const transport = await along(sphere.metric("float32"), circle(0.6, 100));
    const area = (4 * Math.PI * 0.36) / 1.36;
    near(transported(transport, [1, 0]), [Math.cos(area), Math.sin(area)], 1e-4);
  });

  test("is the same for each curve of a batch, whatever its size", async () => {
    const metric = sphere.metric("float64");
    const curves = [circle(0.3, 50), circle(0.9, 200)].map((nodes) => Float64Array.from(nodes));
    const together = await parallelTransport({ cache, metric, curves });
    for (const [i, nodes] of curves.entries())
      near(
        together[i]?.matrices.subarray(-4) ?? [],
        [...(await along(metric, nodes)).matrices.subarray(-4)],
        1e-13,
      );
  });

  test("takes a tensor that is more precise than its points", async () => {
    const of = (type: FloatType) =>
      along(smoothed(sphere.metric(type), { lambda: 0.3 }), circle(0.6, 50));
    const [single, double] = [await of("float32"), await of("float64")];
    near(transported(single, [1, 0]), [...transported(double, [1, 0])], 1e-4);
  });

  test("says where a metric is singular", async () => {
    const metric = foldedMetric();
    const through = await along(metric, [-1, 0, 0, 0, 1, 0]);
    expect(through.status).toBe("singular");
    expect([...through.matrices.subarray(-4)]).toEqual(Array(4).fill(Number.NaN));
    expect((await along(metric, [1, 0, 2, 0])).status).toBe("done");
  });

  test("refuses kinks and curves of one node", async () => {
    const z = input("z", "float64", ["n", 2]);
    const kinked = pullback(decoder(graph([z], { mean: concat([relu(z), mul(z, 0.5)], 1) })));
    await expect(along(kinked, [0, 0, 1, 1])).rejects.toThrow("got one with kinks");
    await expect(along(sphere.metric("float64"), [0, 0])).rejects.toThrow(
      "expected curves of two nodes or more, of 2 numbers each, got 2 numbers",
    );
  });
});

describe("the pole ladder", () => {
  const geodesic = async (metric: Metric, points: number[], velocities: number[]) => {
    const [shot] = await shoot({
      cache,
      metric,
      points: Float64Array.from(points),
      velocities: Float64Array.from(velocities),
      segments: 256,
    });
    return (shot as Shot).curve;
  };
  const ladder = (metric: Metric, curves: readonly Float64Array[], vectors: readonly number[]) =>
    poleLadder({ cache, metric, curves, vectors: Float64Array.from(vectors) });

  test.each([sphere, halfPlane])("is exact with one rung on $name", async (surface) => {
    const metric = surface.metric("float64");
    const curve = await geodesic(metric, [0.3, 0.8], [0.3, -0.2]);
    const ends = Float64Array.of(...curve.subarray(0, 2), ...curve.subarray(-2));
    const got = await ladder(metric, [ends, ends], [0.2, 0.5, -1, 0]);
    const transport = await along(metric, curve);
    near(got, [...transported(transport, [0.2, 0.5]), ...transported(transport, [-1, 0])], 1e-7);
  });

  test("is of second order on a paraboloid", async () => {
    const metric = paraboloid.metric("float64");
    const curve = await geodesic(metric, [0.3, 0.8], [0.9, -1.2]);
    const truth = transported(await along(metric, curve), [0.2, 0.5]);
    const error = async (rungs: number): Promise<number> => {
      const ones = new Float64Array(256).fill(1);
      const got = await ladder(metric, [resample(curve, 2, rungs, ones)], [0.2, 0.5]);
      return Math.hypot(...got.map((x, k) => x - (truth[k] as number)));
    };
    const [few, many] = [await error(6), await error(12)];
    expect(many).toBeLessThan(5e-3);
    expect(few / many).toBeGreaterThan(3.5);
  });

  test("leaves a vector where a step has no length, and NaN where a rung fails", async () => {
    const metric = halfPlane.metric("float64");
    near(await ladder(metric, [Float64Array.of(0, 1, 0, 1)], [0.3, 0.4]), [0.3, 0.4], 1e-9);
    // Where the first coordinate is zero the metric is singular: no geodesic leads across.
    const folded = await ladder(
      foldedMetric(),
      [Float64Array.of(1, 0, -1, 0), Float64Array.of(1, 0, 1, 0.5)],
      [1, 0, 0.5, 0],
    );
    expect([...folded.subarray(0, 2)]).toEqual([Number.NaN, Number.NaN]);
    near(folded.subarray(2), [0.5, 0], 1e-8);
  });

  test("refuses curves of different sizes, and vectors that do not fit", async () => {
    const metric = halfPlane.metric("float64");
    const [two, three] = [Float64Array.of(0, 1, 1, 1), Float64Array.of(0, 1, 1, 1, 2, 1)];
    await expect(ladder(metric, [two, three], [1, 0, 1, 0])).rejects.toThrow(
      "expected curves of equally many nodes of 2 numbers, two or more, got 4,6 numbers",
    );
    await expect(ladder(metric, [], [])).rejects.toThrow("expected one curve or more, got none");
    await expect(ladder(metric, [two], [1])).rejects.toThrow(
      "expected 1 vectors of 2 numbers, got 1 numbers",
    );
  });
});
