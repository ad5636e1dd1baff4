/** What is particular to ONNX Runtime in Node: devices, threads, and errors that name the place. */
import type { Operator } from "pullback-core";
import * as g from "pullback-core";
import { describe, expect, it } from "vitest";
import { nativeEngine } from "../../../packages/pullback/src/engine/onnxruntime.ts";

describe("nativeEngine", () => {
  it("refuses a device that it does not know, naming those that it has", () => {
    expect(() => nativeEngine({ device: "quantum" })).toThrow(g.InputError);
    expect(() => nativeEngine({ device: "quantum" })).toThrow(
      /expected cpu or webgpu, got quantum/,
    );
  });

  it("says what cuda needs", () => {
    expect(() => nativeEngine({ device: "cuda" })).toThrow(/got cuda.*CUDA 12.*npm rebuild/);
  });

  it.each([-1, 1.5, Number.NaN])("refuses %s threads", (threads) => {
    expect(() => nativeEngine({ threads })).toThrow(/threads: expected a whole number/);
  });

  it("gives the same numbers on one thread and on two", async () => {
    const x = g.input("x", "float32", [64, 64]);
    const graph = g.graph([x], { y: g.tanh(g.matmul(x, x)) });
    const data = Float32Array.from({ length: 64 * 64 }, (_, i) => Math.sin(i));
    const results = [];
    for (const threads of [1, 2]) {
      const engine = nativeEngine({ threads });
      expect(engine.name).toContain(`${threads} threads`);
      const program = await engine.compile(graph);
      results.push((await program.run({ x: { type: "float32", shape: [64, 64], data } })).y?.data);
      await engine.dispose();
    }
    const [one, two] = results as [Float32Array, Float32Array];
    one.forEach((number, i) => {
      expect(two[i]).toBeCloseTo(number, 5);
    });
  });

  it("names node, operator and shapes where ONNX Runtime refuses a graph", async () => {
    const engine = nativeEngine();
    const x = g.input("x", "float32", [2, 3]);
    const strange: Operator = { ...g.Neg, name: "Negative" };
    const y = g.exp({ ...g.neg(g.exp(x)), operator: strange });
    const failure = engine.compile(g.graph([x], { y }));
    await expect(failure).rejects.toThrow(g.InputError);
    await expect(failure).rejects.toThrow(
      /node Negative_1, Negative\(float32\[2, 3\]\): .*Negative/,
    );

    const flags = g.input("flags", "bool", [2]);
    const unable = engine.compile(g.graph([flags], { y: g.where(flags, flags, flags) }));
    await expect(unable).rejects.toThrow(
      /node Where_0, Where\(bool\[2\], bool\[2\], bool\[2\]\): /,
    );
  });

  it("releases programs once, by themselves or with the engine", async () => {
    const engine = nativeEngine({ threads: 1 });
    const x = g.input("x", "float32", [2]);
    const first = await engine.compile(g.graph([x], { y: g.exp(x) }));
    await engine.compile(g.graph([x], { y: g.sin(x) }));
    await first.dispose();
    await first.dispose();
    await engine.dispose();
    await engine.dispose();
    await expect(first.run({ x: g.zeros("float32", [2]) })).rejects.toThrow();
  });
});
