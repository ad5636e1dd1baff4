import { nativeEngine } from "pullback";
import type { LocalModel, MapMetric, Measure, Metric, Value } from "pullback-core";
import {
  add,
  concat,
  constant,
  decoder,
  evaluator,
  graph,
  input,
  measure,
  mul,
  programCache,
  pullback,
  random,
  reduceSum,
  relu,
  resample,
  reshape,
  sin,
  slice,
  straightNodes,
  sub,
  tensorFrom,
  tensorMetric,
} from "pullback-core";
import { describe, expect, test } from "vitest";
import { refine, splineAt, splineThrough } from "../../../packages/core/src/curve/spline.ts";
import { halfPlane, sphere, torus } from "../../reference/surfaces.ts";

const cache = programCache(nativeEngine({ threads: 1 }));

async function measureOne(
  metric: Metric,
  nodes: Float64Array,
  tolerance: number,
): Promise<Measure> {
  const [measured] = await measure(evaluator(cache, metric), [nodes], tolerance);
  return measured as Measure;
}

/** Nodes of t -> (cos 2t, sin 3t) at t = 0 … 1. */
const wave = (segments: number): Float64Array =>
  Float64Array.from({ length: 2 * (segments + 1) }, (_, i) => {
    const t = Math.floor(i / 2) / segments;
    return i % 2 === 0 ? Math.cos(2 * t) : Math.sin(3 * t);
  });

describe("spline", () => {
  test.each([1, 2, 3, 4, 7, 20])(
    "goes through its nodes and is cubic on %i segments",
    (segments) => {
      // A cubic (or what the nodes allow) is reproduced, ends included.
      const degree = Math.min(3, segments);
      const poly = (t: number): number =>
        1 - 2 * t + (degree > 1 ? t * t : 0) - (degree > 2 ? t ** 3 / 3 : 0);
      const nodes = Float64Array.from({ length: segments + 1 }, (_, i) => poly(i));
      const spline = splineThrough(nodes, 1);
      const [point, slope] = [new Float64Array(1), new Float64Array(1)];
      for (let t = 0; t <= segments; t += 0.125) {
        splineAt(spline, t, point, slope, 0);
        expect(Math.abs((point[0] as number) - poly(t))).toBeLessThan(
          1e-9 * (1 + Math.abs(poly(t))),
        );
      }
    },
  );

  test("errs to fourth order, up to the ends", () => {
    const error = (segments: number): number => {
      const spline = splineThrough(wave(segments), 2);
      const [point, slope] = [new Float64Array(2), new Float64Array(2)];
      let worst = 0;
      for (let t = 0; t <= segments; t += 0.25) {
        splineAt(spline, t, point, slope, 0);
        worst = Math.max(worst, Math.abs((point[1] as number) - Math.sin((3 * t) / segments)));
      }
      return worst;
    };
    expect(error(20) / error(40)).toBeGreaterThan(13);
  });

  test("refining halves segments of equal length, and gathers nodes where the length is", () => {
    const nodes = wave(9);
    const even = refine(nodes, 2, new Float64Array(9).fill(1), 18);
    nodes.forEach((x, i) => {
      expect(even[4 * Math.floor(i / 2) + (i % 2)]).toBeCloseTo(x, 12);
    });
    // The third segment has half of all length: it gets half of the nodes.
    const line = Float64Array.from({ length: 6 }, (_, i) => i);
    const gathered = refine(line, 1, Float64Array.of(1, 1, 4, 1, 1), 16);
    expect([...gathered].filter((x) => x > 2 && x < 3)).toHaveLength(7);
    expect([gathered[0], gathered[16]]).toEqual([0, 5]);
  });
});

test("resampling goes by length, or by the weights of the segments", () => {
  const nodes = Float64Array.from([0, 1, 4]);
  expect([...resample(nodes, 1, 4)]).toEqual([0, 1, 2, 3, 4]);
  expect([...resample(nodes, 1, 4, Float64Array.from([1, 1]))]).toEqual([0, 0.5, 1, 2.5, 4]);
});

describe("length", () => {
  test("of a curve in a flat chart is its length in the plane", async () => {
    const { length, error, velocity } = await measureOne(torus.metric("float64"), wave(40), 1e-10);
    // Independent: the integral by a fine midpoint rule.
    const steps = 200_000;
    let exact = 0;
    for (let i = 0; i < steps; i++) {
      const t = (i + 0.5) / steps;
      exact += Math.hypot(2 * Math.sin(2 * t), 3 * Math.cos(3 * t)) / steps;
    }
    expect(Math.abs(length - exact) / exact).toBeLessThan(1e-6);
    expect(error).toBeLessThan(1e-10);
    expect(velocity[0]).toBeCloseTo(3, 4);
  });

  test("is never shorter than the chord sum, and the chord error falls by four", async () => {
    const evaluate = evaluator(cache, sphere.metric("float64"));
    const curve = (n: number) =>
      straightNodes(Float64Array.of(0, -1), Float64Array.of(0.5, 0.5), n);
    const { length } = await measureOne(evaluate.metric, curve(64), 1e-12);
    const [coarse, fine] = await evaluate.chordLengths([curve(32), curve(64)]);
    const sum = (chords: Float64Array): number => chords.reduce((a, b) => a + b);
    const [before, after] = [
      length - sum(coarse as Float64Array),
      length - sum(fine as Float64Array),
    ];
    expect(after).toBeGreaterThan(0);
    expect(before / after).toBeCloseTo(4, 1);
  });

  test("of a polyline through kinks is that of its image", async () => {
    // f(z) = (relu(z), relu(-z), 2 z): from -1 to 1 the image has two straight parts of sqrt 5.
    const z = input("z", "float64", ["n", 1]);
    const x = concat([relu(z), relu(mul(z, -1)), mul(z, 2)], 1);
    const metric = pullback(decoder(graph([z], { mean: x })));
    expect(metric.kinked).toBe(true);
    const line = straightNodes(Float64Array.of(-1), Float64Array.of(1), 5);
    const { length } = await measureOne(metric, line, 1e-4);
    expect(Math.abs(length - 2 * Math.sqrt(5))).toBeLessThan(1e-3);
  });
});

describe("local model", () => {
  const bumpy = (): MapMetric => {
    const z = input("z", "float64", ["n", 2]);
    const at = (k: number): Value => slice(z, 1, k, k + 1);
    const x = concat([at(0), mul(sin(at(1)), at(0)), sub(mul(z, z), at(1))], 1);
    return pullback(decoder(graph([z], { mean: x })));
  };
  const draw = random(5, "nodes");
  const nodes = Float64Array.from({ length: 14 }, () => 1.5 + 0.4 * draw.normal());

  test.each([
    ["map", bumpy()],
    ["tensor", halfPlane.metric("float64")],
  ] as const)("has the gradient of its energy, given as a %s", async (_, metric) => {
    const evaluate = evaluator(cache, metric);
    const [model] = await evaluate.localModels([nodes]);
    const h = 1e-5;
    const moved = Array.from({ length: 10 }, (_, i) =>
      [h, -h].map((by) => nodes.map((x, j) => (j === i + 2 ? x + by : x))),
    ).flat();
    const energies = (await evaluate.localModels(moved)).map(({ energy }) => energy);
    model?.gradient.forEach((half, i) => {
      const slope = ((energies[2 * i] as number) - (energies[2 * i + 1] as number)) / (2 * h);
      expect(2 * half).toBeCloseTo(slope, 6);
    });
  });

  test("has the Hessian of its energy, given as a tensor that is convex in each segment", async () => {
    const z = input("z", "float64", ["n", 2]);
    const identity = constant(tensorFrom("float64", [1, 2, 2], [1, 0.5, 0.5, 2]));
    const factor = add(1, reduceSum(mul(z, z), [1], true));
    const G = mul(identity, reshape(factor, ["n", 1, 1]));
    const evaluate = evaluator(cache, tensorMetric("bowl", graph([z], { G })));
    const curve = Float64Array.from({ length: 10 }, (_, i) => 0.3 * Math.sin(i * i));
    const [model] = await evaluate.localModels([curve]);
    const { diagonal, above } = (model as LocalModel).matrix;
    const h = 1e-5;
    const moved = Array.from({ length: 6 }, (_, i) =>
      [h, -h].map((by) => curve.map((x, j) => (j === i + 2 ? x + by : x))),
    ).flat();
    const gradients = (await evaluate.localModels(moved)).map(({ gradient }) => gradient);
    for (let column = 0; column < 6; column++)
      for (let row = 0; row < 6; row++) {
        const [up, down] = [gradients[2 * column], gradients[2 * column + 1]];
        const slope = ((up?.[row] as number) - (down?.[row] as number)) / (2 * h);
        const [i, j] = [Math.floor(row / 2), Math.floor(column / 2)];
        const [r, c] = [row % 2, column % 2];
        const at = (block: number, k: number, l: number): number => block * 4 + k * 2 + l;
        const expected =
          i === j
            ? diagonal[at(i, r, c)]
            : Math.abs(i - j) === 1
              ? above[i < j ? at(i, r, c) : at(j, c, r)]
              : 0;
        expect(slope).toBeCloseTo(expected as number, 6);
      }
  });

  test("with its curvature has the full Hessian of the chord energy", async () => {
    const evaluate = evaluator(cache, bumpy());
    const [model] = await evaluate.localModels([nodes]);
    const [curvature] = await evaluate.curvatures([nodes]);
    const { diagonal, above } = (model as LocalModel).matrix;
    const h = 1e-5;
    const moved = Array.from({ length: 10 }, (_, i) =>
      [h, -h].map((by) => nodes.map((x, j) => (j === i + 2 ? x + by : x))),
    ).flat();
    const gradients = (await evaluate.localModels(moved)).map(({ gradient }) => gradient);
    for (let column = 0; column < 10; column++)
      for (let row = 0; row < 10; row++) {
        const [up, down] = [gradients[2 * column], gradients[2 * column + 1]];
        const slope = ((up?.[row] as number) - (down?.[row] as number)) / (2 * h);
        const [i, j] = [Math.floor(row / 2), Math.floor(column / 2)];
        const [r, c] = [row % 2, column % 2];
        const at = (block: number, a: number, b: number): number => block * 4 + a * 2 + b;
        const expected =
          i === j
            ? (diagonal[at(i, r, c)] as number) - (curvature?.[at(i, r, c)] as number)
            : Math.abs(i - j) === 1
              ? (above[i < j ? at(i, r, c) : at(j, c, r)] as number)
              : 0;
        expect(slope).toBeCloseTo(expected, 5);
      }
  });

  test("does not depend on what it is packed with", async () => {
    const evaluate = evaluator(cache, sphere.metric("float64"));
    const curves = [7, 130, 31, 64].map((n) =>
      straightNodes(Float64Array.of(n / 100, -0.5), Float64Array.of(0.3, n / 200), n),
    );
    const together = await evaluate.localModels(curves);
    for (const [i, curve] of curves.entries()) {
      const [alone] = await evaluate.localModels([curve]);
      expect(together[i]?.energy).toBeCloseTo(alone?.energy as number, 12);
      expect(Array.from(together[i]?.gradient as Float64Array)).toEqual(
        Array.from(alone?.gradient as Float64Array, (g) => expect.closeTo(g, 12)),
      );
    }
  });
});
