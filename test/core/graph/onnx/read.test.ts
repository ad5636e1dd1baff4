/** Files of other tools: what they mean by ONNX Runtime is what the graph read from them means. */
import * as ort from "onnxruntime-node";
import type { Graph, Tensors } from "pullback-core";
import { bind, random, readOnnx, tensorFrom, toNumbers, writeOnnx } from "pullback-core";
import { afterAll, describe, expect, it } from "vitest";
import { nativeEngine } from "../../../../packages/pullback/src/engine/onnxruntime.ts";
import type { Plain } from "../../../reference/array.ts";
import { interpret } from "../../../reference/interpreter.ts";
import { onnxFile } from "./build.ts";
import { files } from "./files.ts";

const engine = nativeEngine({ threads: 1 });
afterAll(() => engine.dispose());

function inputsFor(graph: Graph): Tensors {
  const draw = random(7, "inputs");
  return Object.fromEntries(
    Object.entries(graph.inputs).map(([name, { type, shape }]) => {
      const size = (shape as number[]).reduce((a, b) => a * b, 1);
      const data = Array.from({ length: size }, () => Math.fround(draw.normal()));
      return [name, tensorFrom(type, shape as number[], data)];
    }),
  );
}

async function original(bytes: Uint8Array, inputs: Tensors): Promise<Record<string, Plain>> {
  const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, { type, shape, data }]) => [
      name,
      new ort.Tensor(type, data as Float32Array, shape as number[]),
    ]),
  );
  const results = await session.run(feeds);
  await session.release();
  return Object.fromEntries(
    Object.entries(results).map(([name, { dims, data }]) => [
      name,
      { shape: dims, data: Array.from(data as Float32Array, Number) },
    ]),
  );
}

const plain = (tensors: Tensors): Record<string, Plain> =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, t]) => [name, { shape: t.shape, data: toNumbers(t) }]),
  );

function expectSame(got: Record<string, Plain>, expected: Record<string, Plain>): void {
  expect(Object.keys(got)).toEqual(Object.keys(expected));
  for (const [name, { shape, data }] of Object.entries(expected)) {
    const result = got[name] as Plain;
    expect(result.shape).toEqual(shape);
    data.forEach((number, i) => {
      const error = Math.abs((result.data[i] as number) - number) / (1 + Math.abs(number));
      if (!(error < 1e-5)) expect.fail(`${name}[${i}]: got ${result.data[i]}, expected ${number}`);
    });
  }
}

describe.each(files)("%s", (_, file) => {
  it("is read with its meaning, and written again", async () => {
    const bytes = onnxFile(file);
    const read = readOnnx(bytes);
    const graph = bind(read, { n: 3 });
    const inputs = inputsFor(graph);
    const expected = await original(bytes, inputs);
    expectSame(interpret(graph, plain(inputs)), expected);

    const program = await engine.compile(read);
    expectSame(plain(await program.run(inputs)), expected);
    await program.dispose();

    const written = writeOnnx(read);
    expect(writeOnnx(readOnnx(written))).toEqual(written);
  });
});
