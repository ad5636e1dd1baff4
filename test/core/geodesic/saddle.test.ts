import { nativeEngine } from "pullback";
import type { ConnectOptions, Geodesic, MapMetric } from "pullback-core";
import {
  concat,
  connect,
  decoder,
  evaluator,
  gaussNewton,
  georce,
  graph,
  input,
  mul,
  newton,
  programCache,
  pullback,
  reduceSum,
  relu,
  spline,
  square,
  straight,
} from "pullback-core";
import { describe, expect, test } from "vitest";
import { straightNodes } from "../../../packages/core/src/curve/polyline.ts";
import { fallingDirections } from "../../../packages/core/src/geodesic/inertia.ts";
import type { SolverState } from "../../../packages/core/src/geodesic/solver.ts";
import { asTensor, paraboloid } from "../../reference/surfaces.ts";

const engine = nativeEngine({ threads: 1 });
const cache = programCache(engine);

/** (z, |z|^2) in d dimensions: shortest ways lie in the plane through both ends and the apex. */
function bowl(d: number): MapMetric {
  const z = input("z", "float64", ["n", d]);
  return pullback(decoder(graph([z], { mean: concat([z, reduceSum(square(z), [1], true)], 1) })));
}

const from = (d: number): number[] => [-2, ...new Array<number>(d - 1).fill(0)];
const across = (d: number): Float64Array =>
  Float64Array.from([...from(d), ...from(d).map((x) => (x === 0 ? 0 : -x))]);

async function solve(d: number, options: Partial<ConnectOptions> = {}): Promise<Geodesic> {
  const { geodesics } = await connect({
    ...{ engine, cache, metric: bowl(d), pairs: across(d), tolerance: 1e-7, starts: [straight] },
    ...options,
  });
  return geodesics[0] as Geodesic;
}

/** Length over the apex: twice that of the parabola from 0 to 2. */
const over = 2 * Math.sqrt(17) + Math.asinh(4) / 2;

describe("a symmetric pair on a paraboloid starts on a saddle", () => {
  test.each([
    ["gauss-newton", gaussNewton],
    ["newton", newton],
    ["georce", georce],
    ["spline", spline],
  ])("%s finds the way around the apex", async (_, solver) => {
    const around = await solve(2, { solver });
    expect(around.straightLength).toBeCloseTo(over, 6);
    expect(around.length).toBeLessThan(0.9 * over);
    expect(around.localMinimum).toBe(true);
    expect(around.status).toBe("converged");
    // One half mirrors the other.
    const { curve } = around;
    for (let i = 0; i < curve.length; i += 2)
      expect(curve[i] as number).toBeCloseTo(-(curve[curve.length - 2 - i] as number), 4);
  });

  test("in any dimension, and as a tensor, it is as long", async () => {
    const around = await solve(2);
    for (const d of [3, 6]) {
      const other = await solve(d);
      expect(other.length / around.length).toBeCloseTo(1, 6);
      expect(other.localMinimum).toBe(true);
    }
    const tensor = await solve(2, { metric: asTensor(bowl(2)) });
    expect(tensor.length / around.length).toBeCloseTo(1, 6);
    expect(tensor.localMinimum).toBe(true);
  });
});

describe("inertia", () => {
  const state = (nodes: Float64Array) => ({ nodes }) as SolverState;
  const line = (y: number) =>
    state(straightNodes(Float64Array.of(-2, y), Float64Array.of(2, y), 16));

  test.each([
    ["a map", paraboloid.metric("float64")],
    ["a tensor", asTensor(paraboloid.metric("float64"))],
  ])("of %s tells a saddle, and the direction leads down from it", async (_, metric) => {
    const evaluate = evaluator(cache, metric);
    const [direction] = await fallingDirections(evaluate, [line(0)]);
    const size = Math.max(...(direction as Float64Array).map(Math.abs));
    const energyAt = async (share: number): Promise<number> => {
      const nodes = line(0).nodes.map((x, i) => {
        const step = direction?.[i - 2] ?? 0;
        return i < 2 ? x : x + (share * step) / size;
      });
      return (await evaluate.localModels([nodes]))[0]?.energy as number;
    };
    const [left, middle, right] = [await energyAt(-0.01), await energyAt(0), await energyAt(0.01)];
    expect(left + right).toBeLessThan(2 * middle);
  });

  test("says nothing of kinks, nor of curves that are not finite", async () => {
    const z = input("z", "float64", ["n", 2]);
    const kinked = pullback(decoder(graph([z], { mean: relu(z) })));
    expect(await fallingDirections(evaluator(cache, kinked), [line(0)])).toEqual([undefined]);
    const nowhere = state(line(0).nodes.map(() => Number.NaN));
    const evaluate = evaluator(cache, paraboloid.metric("float64"));
    expect(await fallingDirections(evaluate, [nowhere, line(0)])).toEqual([
      undefined,
      expect.any(Float64Array),
    ]);
  });

  test("takes a direction that the decoder does not see for no way down", async () => {
    const z = input("z", "float64", ["n", 3]);
    const flat = pullback(decoder(graph([z], { mean: mul(reduceSum(z, [1], true), 2) })));
    const { geodesics } = await connect({
      ...{ engine, cache, metric: flat, starts: [straight], tolerance: 1e-7 },
      pairs: Float64Array.of(0, 0, 0, 1, 2, -0.5),
    });
    expect(geodesics[0]?.length).toBeCloseTo(5, 8);
    expect(geodesics[0]?.localMinimum).toBe(true);
  });
});
