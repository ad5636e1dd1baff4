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
const offset = [10, 20, 30, 40, 50];
const scale = [1, 2, 3, 4, 5];

it("a decoder speaks in the units of the data, its variance too", async () => {
  const z = tensorFrom("float32", [3, 2], draws(1, 6));
  const plain = await (await engine.compile(decoderGraph(spec, parameters))).run({ z });
  const scaled = await (
    await engine.compile(decoderGraph(spec, parameters, { offset, scale }))
  ).run({ z });
  toNumbers(plain.mean ?? z).forEach((mean, i) => {
    const column = i % 5;
    const expected = mean * (scale[column] as number) + (offset[column] as number);
    expect(scaled.mean?.data[i]).toBeCloseTo(expected, 4);
    expect(plain.variance?.data[i]).toBeCloseTo(0.25, 6);
    expect(scaled.variance?.data[i]).toBeCloseTo(0.25 * (scale[column] as number) ** 2, 5);
  });
});

it("an encoder takes the data as they are", async () => {
  const x = draws(2, 10);
  const raw = x.map((value, i) => value * (scale[i % 5] as number) + (offset[i % 5] as number));
  const plain = await (await engine.compile(encoderGraph(spec, parameters))).run({
    x: tensorFrom("float32", [2, 5], x),
  });
  const scaled = await (
    await engine.compile(encoderGraph(spec, parameters, { offset, scale }))
  ).run({ x: tensorFrom("float32", [2, 5], raw) });
  for (const name of ["mean", "variance"])
    toNumbers(plain[name] as Tensor).forEach((value, i) => {
      expect(scaled[name]?.data[i]).toBeCloseTo(value, 4);
    });
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
