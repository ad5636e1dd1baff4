import type { Tensor } from "pullback-core";
import { tensorFrom, toNumbers } from "pullback-core";
import { afterAll, expect, it } from "vitest";
import { decoderGraph, encoderGraph } from "../../../packages/core/src/model/export.ts";
import { network } from "../../../packages/core/src/model/network.ts";
import { initialParameters } from "../../../packages/core/src/model/parameters.ts";
import { nativeEngine } from "../../../packages/pullback/src/engine/onnxruntime.ts";
import { draws, tiny } from "./tiny.ts";

const engine = nativeEngine({ threads: 1 });
afterAll(() => engine.dispose());

const spec = tiny({ sigma: 0.5 });
const parameters = initialParameters(network(spec).parameters, 1);
it("a Gaussian decoder gives the mean and the one variance of all its outputs", async () => {
  const z = tensorFrom("float32", [3, 2], draws(1, 6));
  const program = await engine.compile(decoderGraph(spec, parameters));
  const { mean, variance } = await program.run({ z });
  expect(mean?.shape).toEqual([3, 5]);
  expect(variance && toNumbers(variance)).toEqual(
    Array.from({ length: 15 }, () => expect.closeTo(0.25, 6)),
  );
});

it("an encoder gives positive variances", async () => {
  const x = tensorFrom("float32", [2, 5], draws(2, 10));
  const { mean, variance } = await (await engine.compile(encoderGraph(spec, parameters))).run({
    x,
  });
  expect(mean?.shape).toEqual([2, 2]);
  for (const square of toNumbers(variance as Tensor)) expect(square).toBeGreaterThan(0);
});

it("a Bernoulli decoder gives probabilities and no variance", async () => {
  const binary = tiny({ likelihood: "bernoulli", mean: "sigmoid" });
  const flat = initialParameters(network(binary).parameters, 1);
  const outputs = await (await engine.compile(decoderGraph(binary, flat))).run({
    z: tensorFrom("float32", [2, 2], draws(3, 4)),
  });
  expect(Object.keys(outputs)).toEqual(["mean"]);
  for (const p of toNumbers(outputs.mean as Tensor)) {
    expect(p).toBeGreaterThan(0);
    expect(p).toBeLessThan(1);
  }
});
