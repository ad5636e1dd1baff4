/** Random programs: what `apply` simplifies and `graph` joins has the values of the plain text. */
import fc from "fast-check";
import type { Value } from "pullback-core";
import * as g from "pullback-core";
import { expect, it } from "vitest";
import type { Attributes, Operator } from "../../../packages/core/src/graph/value.ts";
import { apply } from "../../../packages/core/src/graph/value.ts";
import type { Plain } from "../../reference/array.ts";
import { interpret } from "../../reference/interpreter.ts";

/** Values of shapes [2, 3], [3], [2, 1] and []: those that steps start from. */
const x = g.input("x", "float64", [2, 3]);
const row = g.input("row", "float64", [3]);
const column = g.input("column", "float64", [2, 1]);
const numbers: Record<string, Plain> = {
  x: { shape: [2, 3], data: [0.3, -0.5, 0.7, 1.1, -1.3, 0.2] },
  row: { shape: [3], data: [0.4, -0.6, 0.9] },
  column: { shape: [2, 1], data: [1.2, -0.8] },
};
const leaves = [x, row, column, ...[0, 1, 2, -0.5].map((c) => g.scalar("float64", c))];

type Step = readonly [pick: number, other: number, kind: number];

/** One step of a program: an operator on earlier values, with attributes for their shapes. */
function operation(values: readonly Value[], [pick, other, kind]: Step) {
  const a = values[pick % values.length] as Value;
  const b = values[other % values.length] as Value;
  const rank = a.shape.length;
  const front = rank > 0 ? a : x;
  const order = a.shape.map((_, axis) => axis);
  const swapped = [...order.slice(0, -2), ...order.slice(-2).reverse()];
  const turned: Attributes = { perm: swapped };
  const flags = { transposeA: kind % 2 === 0, transposeB: kind % 3 === 0 };
  const wide = [4 - (kind % 2) * 3, ...(a.shape as number[])];
  const flat = [(a.shape as number[]).reduce((p, d) => p * d, 1)];
  const options: readonly (readonly [Operator, readonly Value[], Attributes])[] = [
    [g.Add, [a, b], {}],
    [g.Sub, [a, b], {}],
    [g.Mul, [a, b], {}],
    [g.Div, [a, b], {}],
    [g.Neg, [a], {}],
    [g.Pow, [a, b], {}],
    [g.Max, [a, b], {}],
    [g.Tanh, [a], {}],
    [g.Transpose, [a], turned],
    [g.Transpose, [a], { perm: order.map((axis) => (axis + rank - 1) % rank) }],
    [g.Expand, [a], { shape: wide }],
    [g.Reshape, [a], { shape: flat }],
    [g.Reshape, [a], { shape: [1, ...a.shape] }],
    [g.ReduceSum, [a], { axes: rank > 0 ? [kind % rank] : [], keepDimensions: kind % 2 === 0 }],
    [g.ReduceSum, [a], { axes: [], keepDimensions: false }],
    [g.Cast, [a], { to: "float64" }],
    [g.MatMul, [a, b], flags],
    [g.MatMul, [a, a], { transposeA: false, transposeB: true }],
    [g.Concat, [front], { axis: 0 }],
    [g.Slice, [front], { axis: 0, start: 0, end: front.shape[0] as number, step: 1 }],
    [g.Pad, [front], { axis: 0, before: 0, after: kind % 2 }],
    [g.Where, [apply(g.Greater, [a, a]), a, b], {}],
  ];
  return options[kind % options.length] as (typeof options)[number];
}

it("keeps the values of random programs", () => {
  let simplified = 0;
  const steps = fc.array(fc.tuple(fc.nat(1000), fc.nat(1000), fc.nat(1000)), {
    minLength: 3,
    maxLength: 14,
  });
  fc.assert(
    fc.property(steps, (program) => {
      const short: Value[] = [...leaves];
      const plain: Value[] = [...leaves];
      for (const step of program) {
        const [operator, inputs, attributes] = operation(plain, step);
        const [, shortInputs] = operation(short, step);
        try {
          const { type, shape } = operator.infer(inputs, attributes);
          plain.push({ operator, inputs, attributes, type, shape });
        } catch {
          continue;
        }
        short.push(apply(operator, shortInputs, attributes));
      }
      const outputs = (values: readonly Value[]): Record<string, Value> =>
        Object.fromEntries(values.map((value, i) => [`v${i}`, value]));
      const joined = g.graph([x, row, column], outputs(short));
      const literal = { inputs: { x, row, column }, outputs: outputs(plain) };
      const [got, expected] = [interpret(joined, numbers), interpret(literal, numbers)];
      for (const [name, { shape, data }] of Object.entries(expected)) {
        expect(got[name]?.shape).toEqual(shape);
        got[name]?.data.forEach((number, i) => {
          const truth = data[i] as number;
          const same = Number.isNaN(truth)
            ? Number.isNaN(number)
            : number === truth || Math.abs(number - truth) <= 1e-12 * Math.abs(truth);
          if (!same) expect.fail(`${name}[${i}]: ${number} instead of ${truth}`);
        });
      }
      const size = (values: readonly Value[]): number => g.topological(values).length;
      if (size(Object.values(joined.outputs)) < size(plain)) simplified++;
    }),
    { numRuns: 400, seed: 4 },
  );
  expect(simplified).toBeGreaterThan(100);
});

const orders = [0, 1, 2].flatMap((a) =>
  [0, 1, 2].filter((b) => b !== a).map((b) => [a, b, 3 - a - b]),
);

it.each(orders)(
  "takes a Transpose by %s, %s, %s into a product only where that is the same",
  (...perm) => {
    const a = g.input("a", "float64", [3, 3, 3]);
    const given = {
      a: { shape: [3, 3, 3], data: Array.from({ length: 27 }, (_, i) => Math.sin(i)) },
    };
    const turned = g.transpose(a, perm);
    const attributes = { transposeA: true, transposeB: false };
    const plain = { operator: g.MatMul, inputs: [turned, a], attributes };
    const literal: Value = { ...plain, type: "float64", shape: [3, 3, 3] };
    const short = g.matmul(turned, a, attributes);
    expect(short.inputs.some((input) => input === turned)).toBe(`${perm}` !== "0,2,1");
    const value = (y: Value): Plain | undefined =>
      interpret({ inputs: { a }, outputs: { y } }, given).y;
    expect(value(short)).toEqual(value(literal));
  },
);
