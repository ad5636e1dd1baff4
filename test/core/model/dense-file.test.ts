/** Dense decoders from arrays: the same numbers as the layers say. */
import type { NumericArray } from "pullback-core";
import { bind, denseDecoder, LayersFile } from "pullback-core";
import * as v from "valibot";
import { expect, test } from "vitest";
import { interpret } from "../../reference/interpreter.ts";

const array = (shape: readonly number[], ...numbers: number[]): NumericArray => ({
  type: "float64",
  shape,
  data: Float64Array.from(numbers),
});
const W = [0.5, -1, 2, 0.25, 1, -0.5];
const arrays = new Map([
  ["w", array([3, 2], ...W)],
  ["wT", array([2, 3], 0.5, 2, 1, -1, 0.25, -0.5)],
  ["b", array([3], 0.1, 0.2, -0.3)],
  ["u", array([3, 3], 1, 0, 0, 0, 1, 0, 0, 0, 1)],
]);
const decode = (layers: unknown) => denseDecoder(arrays, v.parse(LayersFile, layers));
const z = { shape: [1, 2], data: [0.7, -0.4] };
const first = [0, 1, 2].map(
  (i) =>
    0.7 * (W[2 * i] as number) - 0.4 * (W[2 * i + 1] as number) + ([0.1, 0.2, -0.3][i] as number),
);

test("either order of axes, biases, activations and residual layers", () => {
  const layers = [
    { weight: "w", bias: "b", activation: "tanh" },
    { weight: "u", activation: "sigmoid", residual: true },
  ];
  const expected = first.map(Math.tanh).map((h) => h + 1 / (1 + Math.exp(-h)));
  const turned = [{ ...layers[0], weight: "wT" }, layers[1]];
  for (const given of [{ layers }, { layers: turned, order: "in,out" }]) {
    const { mean } = interpret(bind(decode(given), { n: 1 }), { z });
    for (const [i, number] of expected.entries()) expect(mean?.data[i]).toBeCloseTo(number, 6);
  }
});

test.each([
  [{ layers: [{ weight: "W" }] }, /layer 1: expected one of w, wT, b, u, got W/],
  [{ layers: [{ weight: "b" }] }, /layer 1: b: expected 2 axes, got shape \[3\]/],
  [{ layers: [{ weight: "w" }, { weight: "w" }] }, /layer 2: w \[3,2\] takes 2 numbers, 3 come/],
  [{ layers: [{ weight: "wT", bias: "b" }] }, /layer 1: b has 3 numbers, expected 2/],
  [{ layers: [{ weight: "w", residual: true }] }, /layer 1: residual/],
])("refuses %j", (layers, message) => {
  expect(() => decode(layers)).toThrow(message);
});
