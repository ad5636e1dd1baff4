import {
  decodeAt,
  decoder,
  graph,
  input,
  magnificationAt,
  mul,
  pointsAlong,
  pointsEvenly,
  programCache,
  straightCurve,
  sub,
  tanh,
  velocityAlong,
} from "pullback-core";
import { afterAll, describe, expect, test } from "vitest";
import { nativeEngine } from "../../../packages/pullback/src/engine/onnxruntime.ts";
import { torus } from "../../pullback/report/example.ts";

const engine = nativeEngine({ threads: 1 });
const cache = programCache(engine);
afterAll(() => engine.dispose());

test("a straight curve and its resampling have equal steps and exact ends", () => {
  const curve = straightCurve([0, 1], [4, 3], 5);
  expect(curve[1]).toEqual([1, 1.5]);
  expect(pointsAlong(curve, 3)).toEqual([
    [0, 1],
    [2, 2],
    [4, 3],
  ]);
  expect(pointsAlong([[0], [1], [0]], 5)).toEqual([[0], [0.5], [1], [0.5], [0]]);
});

test("even points see a jump that takes a hundredth of the line, and those of a stay are its point", async () => {
  const z = input("z", "float64", ["n", 1]);
  const jump = decoder(graph([z], { mean: tanh(mul(sub(z, 0.3), 500)) }));
  const [points = [], stay = []] = await pointsEvenly(
    cache,
    jump,
    [
      [[0], [1]],
      [[0.3], [0.3]],
    ],
    9,
  );
  const seen = await decodeAt(cache, jump, points);
  seen.forEach((x, i) => {
    expect(Math.abs(x - (i / 4 - 1))).toBeLessThan(0.02);
  });
  expect(points[0]).toEqual([0]);
  expect(points.at(-1)).toEqual([1]);
  expect(stay).toEqual(Array(9).fill([0.3]));
});

describe("along a curve on the torus", () => {
  test("speed of a circle in the chart is its circumference", async () => {
    const count = 401;
    const circle = Array.from({ length: count }, (_, i) => {
      const angle = (2 * Math.PI * i) / (count - 1);
      return [Math.cos(angle), Math.sin(angle)];
    });
    const speed = await velocityAlong(cache, torus(), circle);
    for (const value of speed.slice(1, -1)) expect(value).toBeCloseTo(2 * Math.PI, 3);
  });

  test("decoding and magnification at given points", async () => {
    const seen = await decodeAt(cache, torus(), [
      [0, 0],
      [0, Math.PI / 2],
    ]);
    expect([...seen].map((x) => Math.abs(Math.round(x)))).toEqual([1, 1, 0, 0, 1, 0, 0, 1]);
    const factors = await magnificationAt(cache, torus(), [
      [0.3, 2],
      [1, 1],
    ]);
    for (const factor of factors) expect(factor).toBeCloseTo(1, 5);
  });
});
