/** Ties, kinks, zeros and large numbers: the one value and derivative that each rule promises. */
import type { Value } from "pullback-core";
import * as g from "pullback-core";
import { describe, expect, it } from "vitest";
import { interpret } from "../../reference/interpreter.ts";

type Row = readonly [
  what: string,
  f: (...x: Value[]) => Value,
  inputs: readonly number[][],
  gradients: readonly number[][],
];

const rows: readonly Row[] = [
  ["relu at 0", g.relu, [[0, -0, 1]], [[0, 0, 1]]],
  ["leakyRelu at 0 is on the leaking side", (x) => g.leakyRelu(x, 0.25), [[0, 1]], [[0.25, 1]]],
  ["elu at 0 takes the left derivative", (x) => g.elu(x, 0.5), [[0, 1]], [[0.5, 1]]],
  ["abs at 0", g.abs, [[0, -2]], [[0, -1]]],
  [
    "max at a tie: the first wins",
    g.max,
    [
      [1, 2],
      [1, 3],
    ],
    [
      [1, 0],
      [0, 1],
    ],
  ],
  [
    "min at a tie: the first wins",
    g.min,
    [
      [1, 2],
      [1, 3],
    ],
    [
      [1, 1],
      [0, 0],
    ],
  ],
  ["equal maxima share", (x) => g.reduceMax(x, [0]), [[3, 1, 3]], [[0.5, 0, 0.5]]],
  [
    "powers of zero",
    g.pow,
    [
      [0, 0, 0, 0],
      [0, 1, 2, 3],
    ],
    [
      [0, 1, 0, 0],
      [0, 0, 0, 0],
    ],
  ],
  ["whole powers of negative numbers", (x) => g.pow(x, 3), [[-2, 0]], [[12, 0]]],
  ["softplus far out", g.softplus, [[1000, -1000]], [[1, 0]]],
  ["its form through log", g.softplusFromLog, [[1000, -1000]], [[1, 0]]],
  ["logsumexp of large numbers", (x) => g.reduceLogSumExp(x, [0]), [[1000, 1000]], [[0.5, 0.5]]],
  ["logSoftmax of large numbers", (x) => g.slice(g.logSoftmax(x), 0, 0, 1), [[1000, 0]], [[0, 0]]],
  [
    "a branch not taken passes nothing back",
    (x) => g.where(g.greater(x, g.zerosLike(x)), g.mul(x, 2), g.neg(x)),
    [[1, -1]],
    [[2, -1]],
  ],
];

describe("gradient", () => {
  it.each(rows)("%s", (_, f, inputs, gradients) => {
    const xs = inputs.map((row, i) => g.input(`x${i}`, "float64", [row.length]));
    const y = f(...xs);
    const ones = g.full("float64", y.shape, 1);
    const outputs = Object.fromEntries(g.vjp([y], xs, [ones]).map((v, i) => [`g${i}`, v]));
    const numbers = Object.fromEntries(
      inputs.map((data, i) => [`x${i}`, { shape: [data.length], data }]),
    );
    const values = interpret(g.graph(xs, { ...outputs, y }), numbers);
    expect(values.y?.data.every(Number.isFinite)).toBe(true);
    for (const [i, expected] of gradients.entries())
      expected.forEach((number, j) => {
        expect(values[`g${i}`]?.data[j]).toBeCloseTo(number, 12);
      });
  });
});
