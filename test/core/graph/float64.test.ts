/** Decomposed float64 operators in ONNX Runtime against the mathematics, far beyond float32. */
import type { Value } from "pullback-core";
import {
  acos,
  asin,
  atan,
  decomposeFloat64,
  elu,
  erf,
  gelu,
  graph,
  input,
  leakyRelu,
  softplus,
  tensorFrom,
  toNumbers,
  topological,
} from "pullback-core";
import { afterAll, describe, expect, it } from "vitest";
import { nativeEngine } from "../../../packages/pullback/src/engine/onnxruntime.ts";
import { erf as trueErf } from "../../reference/erf.ts";

const engine = nativeEngine({ threads: 1 });
afterAll(() => engine.dispose());

const line = (from: number, to: number): number[] =>
  Array.from({ length: 1001 }, (_, i) => from + ((to - from) * i) / 1000);
const small = [0, -0, 1e-300, -1e-300, 1e-40, 1e-20, -1e-20, 1e-9, -1e-9];
const wide = [...line(-8, 8), ...small, 1e3, -1e3, 1e18, -1e18, Infinity, -Infinity, Number.NaN];
const unit = [...line(-1, 1), ...small, 1 - 1e-15, -1 + 1e-15, 1.5, Number.NaN];

const softplusOf = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

const operators: readonly [string, (x: Value) => Value, (x: number) => number, number[]][] = [
  ["Softplus", softplus, softplusOf, wide],
  ["Elu", (x) => elu(x, 0.7), (x) => (x > 0 ? x : 0.7 * Math.expm1(x)), wide],
  ["LeakyRelu", (x) => leakyRelu(x, 0.25), (x) => (x > 0 ? x : 0.25 * x), wide],
  ["Atan", atan, Math.atan, wide],
  ["Asin", asin, Math.asin, unit],
  ["Acos", acos, Math.acos, unit],
  ["Erf", erf, trueErf, wide],
  ["Gelu", gelu, (x) => x * 0.5 * (1 + trueErf(x / Math.SQRT2)), line(-6, 6)],
];

describe.each(operators)("%s in float64", (_, operator, truth, points) => {
  it("is right to 1e-14", async () => {
    const x = input("x", "float64", [points.length]);
    const program = await engine.compile(graph([x], { y: operator(x) }));
    const { y } = await program.run({ x: tensorFrom("float64", [points.length], points) });
    if (!y) throw new Error("no output");
    toNumbers(y).forEach((got, i) => {
      const expected = truth(points[i] as number);
      const error = Math.abs(got - expected) / Math.max(1, Math.abs(expected));
      if (!Object.is(got, expected) && !(error < 1e-14))
        expect(got - expected === 0, `at ${points[i]}: got ${got}, expected ${expected}`).toBe(
          true,
        );
    });
  });
});

it("keeps the digits of small results", async () => {
  const points = [-40, -30, -1e-12];
  const x = input("x", "float64", [3]);
  const program = await engine.compile(graph([x], { softplus: softplus(x), elu: elu(x) }));
  const outputs = await program.run({ x: tensorFrom("float64", [3], points) });
  const relative = (name: string, truth: (x: number) => number): number[] =>
    Array.from(outputs[name]?.data as Float64Array, (got, i) =>
      Math.abs(got / truth(points[i] as number) - 1),
    );
  expect(Math.max(...relative("softplus", softplusOf))).toBeLessThan(1e-14);
  expect(Math.max(...relative("elu", Math.expm1))).toBeLessThan(1e-14);
});

it("leaves float32 alone", () => {
  const x = input("x", "float32", [2]);
  const source = graph([x], { y: softplus(x) });
  expect(topological(Object.values(decomposeFloat64(source).outputs))).toHaveLength(2);
});
