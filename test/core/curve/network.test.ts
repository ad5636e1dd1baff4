import { nativeEngine } from "pullback";
import type { FloatType } from "pullback-core";
import { graph, input, random, tensorFrom, toNumbers } from "pullback-core";
import { describe, expect, test } from "vitest";
import type { Boundary } from "../../../packages/core/src/curve/network.ts";
import {
  evenTimes,
  initialNetwork,
  networkCurves,
  networkMatrices,
  networkRows,
  networkSize,
} from "../../../packages/core/src/curve/network.ts";

const engine = nativeEngine({ threads: 1 });
const d = 3;
const size = networkSize(d);

interface Curves {
  readonly raw: number[];
  readonly z: number[];
  readonly velocity: number[];
}

/** The curves of networks with the given weights, one after another, at the given times. */
async function curves(
  weights: readonly Float64Array[],
  from: readonly number[],
  to: readonly number[],
  times: readonly number[],
  boundary: Boundary,
  type: FloatType = "float64",
): Promise<Curves> {
  const count = weights.length;
  const w = input("weights", type, [count, size]);
  const [a, b] = ["from", "to"].map((name) => input(name, type, [count, 1, d]));
  if (!a || !b) throw new Error("two ends");
  const outputs = networkCurves(networkMatrices(w, d), a, b, Float64Array.from(times), boundary);
  const program = await engine.compile(graph([w, a, b], { ...outputs }));
  const results = await program.run({
    weights: tensorFrom(
      type,
      [count, size],
      weights.flatMap((row) => [...row]),
    ),
    from: tensorFrom(type, [count, 1, d], from),
    to: tensorFrom(type, [count, 1, d], to),
  });
  const numbers = (name: string) => toNumbers(results[name] as NonNullable<typeof results.z>);
  return { raw: numbers("raw"), z: numbers("z"), velocity: numbers("velocity") };
}

/** Table 1 with plain loops: 1 to 150 tanh to 150 tanh to d. */
function plainNetwork(weights: Float64Array, t: number): number[] {
  let at = 0;
  const layer = (x: readonly number[], to: number): number[] => {
    const weight = weights.subarray(at, at + x.length * to);
    const bias = weights.subarray(at + weight.length, at + weight.length + to);
    at += weight.length + to;
    return Array.from(bias, (b, j) =>
      x.reduce((sum, xi, i) => sum + xi * (weight[i * to + j] as number), b),
    );
  };
  const h1 = layer([t], 150).map(Math.tanh);
  return layer(layer(h1, 150).map(Math.tanh), d);
}

const two = [1, 2].map((seed) => initialNetwork(d, random(seed)));
const from = [0.5, -1, 2, 0, 0.1, 0.2];
const to = [1.5, 0.25, -1, 1, -0.7, 0.4];

test("is the network of Table 1, one for each pair", async () => {
  expect(size).toBe(150 + 150 + 150 * 150 + 150 + 150 * d + d);
  const times = [0, 0.3, 0.71, 1];
  const { raw } = await curves(two, from, to, times, "additive");
  const expected = two.flatMap((weights) => times.flatMap((t) => plainNetwork(weights, t)));
  expect(raw).toEqual(expected.map((x) => expect.closeTo(x, 12)));
});

test("rows and matrices of weights are two forms of the same numbers", async () => {
  const w = input("weights", "float64", [2, size]);
  const program = await engine.compile(graph([w], { again: networkRows(networkMatrices(w, d)) }));
  const weights = tensorFrom(
    "float64",
    [2, size],
    two.flatMap((row) => [...row]),
  );
  expect((await program.run({ weights })).again?.data).toEqual(weights.data);
});

test("even times lie in the middle of equal shares", () => {
  expect([...evenTimes(4)]).toEqual([0.125, 0.375, 0.625, 0.875]);
});

describe.each(["additive", "paper"] as const)("boundary %s", (boundary) => {
  test.each([
    ["float64", 1e-14],
    ["float32", 1e-6],
  ] as const)("meets both end points in %s", async (type, allowed) => {
    const { z } = await curves(two, from, to, [0, 1], boundary, type);
    const expected = [...from.slice(0, 3), ...to.slice(0, 3), ...from.slice(3), ...to.slice(3)];
    expected.forEach((x, i) => {
      expect(Math.abs((z[i] as number) - x)).toBeLessThan(allowed);
    });
  });

  test("moves with the velocity that it states", async () => {
    const [t, h] = [0.4, 1e-5];
    const { z, velocity } = await curves(two, from, to, [t - h, t, t + h], boundary);
    for (const network of [0, 1])
      for (let k = 0; k < d; k++) {
        const at = (i: number): number => z[(network * 3 + i) * d + k] as number;
        expect(velocity[(network * 3 + 1) * d + k]).toBeCloseTo((at(2) - at(0)) / (2 * h), 7);
      }
  });
});

test("boundary paper is A ẑ - B with A and B of Eq. 14", async () => {
  const { raw, z } = await curves(two, from, to, [0, 0.35, 1], "paper");
  for (const network of [0, 1])
    for (let k = 0; k < d; k++) {
      const hat = (i: number): number => raw[(network * 3 + i) * d + k] as number;
      const [z0, z1] = [from[network * d + k] as number, to[network * d + k] as number];
      const A = (z0 - z1) / (hat(0) - hat(2));
      const B = (z0 * hat(2) - z1 * hat(0)) / (hat(0) - hat(2));
      expect(z[(network * 3 + 1) * d + k]).toBeCloseTo(A * hat(1) - B, 10);
    }
});

describe("a coordinate that is equal in both end points", () => {
  const level = [...to.slice(0, 2), from[2] as number, from[3] as number, ...to.slice(4)];
  const times = [0, 0.2, 0.5, 0.8, 1];
  const coordinate = (values: readonly number[], network: number, k: number): number[] =>
    times.map((_, i) => values[(network * times.length + i) * d + k] as number);

  test("is frozen by the paper's boundary, to the last bit", async () => {
    const { raw, z, velocity } = await curves(two, from, level, times, "paper");
    // The network itself moves there.
    expect(new Set(coordinate(raw, 0, 2)).size).toBe(times.length);
    for (const [network, k] of [
      [0, 2],
      [1, 0],
    ] as const) {
      expect(coordinate(z, network, k)).toEqual(times.map(() => from[network * d + k]));
      expect(coordinate(velocity, network, k).every((v) => v === 0)).toBe(true);
    }
    // The others are not.
    expect(new Set(coordinate(z, 0, 0)).size).toBe(times.length);
  });

  test("is frozen where the quotient of Eq. 14 would be 0 / 0", async () => {
    const still = two.map((weights) => weights.map(() => 0));
    const { z, velocity } = await curves(still, from, from, times, "paper");
    for (const network of [0, 1])
      for (let k = 0; k < d; k++) {
        expect(coordinate(z, network, k)).toEqual(times.map(() => from[network * d + k]));
        expect(coordinate(velocity, network, k).every((v) => v === 0)).toBe(true);
      }
  });

  test("is free with the additive boundary", async () => {
    const { z } = await curves(two, from, level, times, "additive");
    expect(new Set(coordinate(z, 0, 2)).size).toBeGreaterThan(2);
  });
});
