import { nativeEngine } from "pullback";
import {
  adaptDecoder,
  add,
  bind,
  cast,
  graph,
  input,
  mul,
  reduceSum,
  reshape,
  tensorFrom,
  toNumbers,
} from "pullback-core";
import { describe, expect, test } from "vitest";

const engine = nativeEngine({ threads: 1 });
const code = input("latent", "float32", ["n", 3]);
const label = input("label", "int64", ["n", 1]);
const image = reshape(mul(code, 2), ["n", 1, 3, 1]);

describe("a graph made elsewhere", () => {
  test("becomes a decoder by our names, its images flat", async () => {
    const found = adaptDecoder(graph([code], { picture: image, sum: reduceSum(code, [1]) }));
    expect(found).toMatchObject({ latentDimension: 3, dataDimension: 3, kinked: false });
    const program = await engine.compile(bind(found.graph, { n: 2 }));
    const z = tensorFrom("float32", [2, 3], [1, 2, 3, 4, 5, 6]);
    const { mean } = await program.run({ z });
    expect(mean && toNumbers(mean)).toEqual([2, 4, 6, 8, 10, 12]);
  });

  test("takes the output called mean, wherever it stands", () => {
    const sum = reduceSum(code, [1], true);
    expect(adaptDecoder(graph([code], { picture: image, mean: sum })).dataDimension).toBe(1);
  });

  test("has its other inputs fixed", async () => {
    const conditioned = graph([code, label], { x: add(code, cast(label, "float32")) });
    const found = adaptDecoder(conditioned, { label: [4] });
    const program = await engine.compile(bind(found.graph, { n: 2 }));
    const { mean } = await program.run({ z: tensorFrom("float32", [2, 3], [1, 2, 3, 4, 5, 6]) });
    expect(mean && toNumbers(mean)).toEqual([5, 6, 7, 8, 9, 10]);
  });

  test.each([
    [
      [code, label],
      {},
      "expected one latent input, got latent float32[n, 3], label int64[n, 1]; --set",
    ],
    [
      [code, label],
      { lable: [1] },
      "no input is called lable; inputs: latent float32[n, 3], label",
    ],
    [[code, label], { label: [1, 2] }, "--set label: expected 1 or 1 numbers, got 2"],
    [
      [input("latent", "float32", [128, 3])],
      {},
      "with a free number n, got latent float32[128, 3]",
    ],
    [[input("latent", "int64", ["n", 3])], {}, "expected float latent codes [n, d]"],
  ] as const)("is refused where it is none", (inputs, settings, message) => {
    const x = inputs.map((value) => cast(value, "float32")).reduce(add);
    expect(() => adaptDecoder(graph(inputs, { x }), settings)).toThrow(message);
  });
});
