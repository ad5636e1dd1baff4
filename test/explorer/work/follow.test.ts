import { nativeEngine } from "pullback";
import {
  connect,
  decoder,
  evaluator,
  graph,
  input,
  programCache,
  pullback,
  sin,
} from "pullback-core";
import { expect, test } from "vitest";
import { follower, legsOf, mostFollowed } from "../../../packages/explorer/src/work/follow.ts";
import { paraboloid, sphere } from "../../reference/surfaces.ts";

const engine = nativeEngine({ threads: 1 });

test.each([sphere, paraboloid])(
  "reaches the geodesic of $name while its end is dragged",
  async (surface) => {
    const metric = surface.metric("float32");
    const cache = programCache(engine);
    const [a, b] = surface.pairs[0] as readonly [readonly number[], readonly number[]];
    const { follow } = follower(evaluator(cache, metric), { budget: 0 });
    const at = (share: number): Float64Array =>
      Float64Array.from([
        ...a,
        ...b.map((x, k) => (a[k] as number) + share * (x - (a[k] as number))),
      ]);
    // Two steps of the solver a frame: what it converges to is carried from frame to frame.
    for (let frame = 1; frame <= 12; frame++) await follow(at(0.4 + 0.05 * frame));
    const [leg] = await follow(at(1));
    const { geodesics } = await connect({
      engine,
      cache,
      metric,
      pairs: Float64Array.from([...a, ...b]),
    });
    const length = (leg as { steps: Float64Array }).steps.reduce((sum, step) => sum + step, 0);
    const exact = geodesics[0]?.length as number;
    expect(Math.abs(length / exact - 1)).toBeLessThan(5e-3);
    expect(leg?.curve.subarray(0, 2)).toEqual(Float64Array.from(a));
    expect(leg?.curve.slice(-2)).toEqual(Float64Array.from(b));
  },
);

test("goes on from curves that were found elsewhere", async () => {
  const metric = sphere.metric("float32");
  const { follow, goOnFrom } = follower(evaluator(programCache(engine), metric), { budget: 0 });
  const bow = Float64Array.of(-1, 0, -0.5, 0.6, 0, 0.8, 0.5, 0.6, 1, 0);
  goOnFrom([bow]);
  const [leg] = await follow(Float64Array.of(-1, 0, 1, 0));
  const middle = leg?.curve[Math.floor((leg.curve.length - 1) / 4) * 2 + 1] as number;
  expect(middle).toBeGreaterThan(0.05);
});

test("where a step takes too long the straight line stands in, with its own length", async () => {
  const d = mostFollowed + 1;
  const z = input("z", "float32", ["n", d]);
  const metric = pullback(decoder(graph([z], { mean: sin(z) })));
  const { follow, goOnFrom } = follower(evaluator(programCache(engine), metric));
  const ends = Float64Array.from({ length: 2 * d }, (_, i) => (i < d ? 0 : 0.1));
  goOnFrom([Float64Array.from({ length: 3 * d }, (_, i) => Math.sin(i))]);
  const [leg] = await follow(ends);
  leg?.curve.forEach((value, i) => {
    expect(value).toBeCloseTo(leg.straight[i] as number, 9);
  });
  const length = leg?.steps.reduce((sum, step) => sum + step, 0) as number;
  // Every coordinate runs from 0 to sin 0.1.
  expect(length).toBeCloseTo(Math.sqrt(d) * Math.sin(0.1), 4);
});

test("a path of several points has a leg between each two", async () => {
  const metric = sphere.metric("float32");
  const { follow } = follower(evaluator(programCache(engine), metric));
  const legs = await follow(Float64Array.of(-0.5, 0, 0, 0.5, 0.5, 0));
  expect(legs).toHaveLength(2);
  expect(legs[0]?.curve.slice(-2)).toEqual(legs[1]?.curve.slice(0, 2));
  expect([...legsOf(Float64Array.of(1, 2, 3, 4, 5, 6), 2)]).toEqual([1, 2, 3, 4, 3, 4, 5, 6]);
});
