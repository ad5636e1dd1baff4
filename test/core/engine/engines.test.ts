/** What every engine does, whichever it is. */
import type { Engine, Tensor, Tensors } from "pullback-core";
import * as g from "pullback-core";
import { afterAll, describe, expect, it } from "vitest";
import { nativeEngine } from "../../../packages/pullback/src/engine/onnxruntime.ts";
import { interpreterEngine } from "../../reference/interpreter.ts";

const engines: readonly Engine[] = [interpreterEngine(), nativeEngine({ threads: 1 })];
afterAll(async () => {
  for (const engine of engines) await engine.dispose();
});

const numbers = (values: Tensor | undefined): number[] => g.toNumbers(values as Tensor);
const rows = (type: "float32" | "float64", count: number): Tensor =>
  g.tensorFrom(
    type,
    [count, 2],
    Array.from({ length: 2 * count }, (_, i) => i / 4),
  );

/** mean = exp(z) + 1 and what three of the types make of it. */
function example(type: "float32" | "float64") {
  const z = g.input("z", type, ["n", 2]);
  const mean = g.add(g.exp(z), 1);
  return g.graph([z], {
    mean,
    large: g.greater(mean, g.full(type, mean.shape, 3)),
    floor: g.cast(mean, "int64"),
  });
}

describe.each(engines.map((engine) => [engine.name, engine] as const))("%s", (_, engine) => {
  it.each(["float32", "float64"] as const)(
    "computes outputs of every type from %s",
    async (type) => {
      const program = await engine.compile(g.bind(example(type), { n: 3 }));
      const outputs = await program.run({ z: rows(type, 3) });
      const expected = [0, 0.25, 0.5, 0.75, 1, 1.25].map((x) => Math.exp(x) + 1);
      numbers(outputs.mean).forEach((x, i) => {
        expect(x).toBeCloseTo(expected[i] as number, 6);
      });
      expect(outputs.mean?.type).toBe(type);
      expect(outputs.large).toMatchObject({ type: "bool", shape: [3, 2] });
      expect(numbers(outputs.large)).toEqual(expected.map((x) => Number(x > 3)));
      expect(outputs.floor?.data).toBeInstanceOf(BigInt64Array);
      expect(numbers(outputs.floor)).toEqual(expected.map(Math.trunc));
    },
  );

  it("passes inputs through and gives one value under two names", async () => {
    const z = g.input("z", "float32", [2]);
    const program = await engine.compile(g.graph([z], { same: z, a: g.neg(z), b: g.neg(z) }));
    const outputs = await program.run({ z: g.tensorFrom("float32", [2], [1, 2]) });
    expect(["same", "a", "b"].map((name) => numbers(outputs[name]))).toEqual([
      [1, 2],
      [-1, -2],
      [-1, -2],
    ]);
  });

  it("writes into the buffers that it is given, views among them", async () => {
    const program = await engine.compile(g.bind(example("float32"), { n: 2 }));
    const flat = new Float32Array(10).fill(-7);
    const into: Tensors = {
      mean: { type: "float32", shape: [2, 2], data: flat.subarray(3, 7) },
      large: g.zeros("bool", [2, 2]),
    };
    const z = {
      type: "float32",
      shape: [2, 2],
      data: Float32Array.of(9, 0, 1, 2, 3, 9).subarray(1, 5),
    } as const;
    const outputs = await program.run({ z }, into);
    expect(outputs.mean).toBe(into.mean);
    expect(outputs.floor).not.toBeUndefined();
    const expected = [0, 1, 2, 3].map((x) => Math.exp(x) + 1);
    expect([...flat].map((x) => Math.round(x * 1e4) / 1e4)).toEqual([
      ...[-7, -7, -7],
      ...expected.map((x) => Math.round(Math.fround(x) * 1e4) / 1e4),
      ...[-7, -7, -7],
    ]);
    expect(numbers(outputs.large)).toEqual([0, 1, 1, 1]);
  });

  it("gives the same bytes for the same inputs", async () => {
    const program = await engine.compile(g.bind(example("float32"), { n: 40 }));
    const [a, b] = [
      await program.run({ z: rows("float32", 40) }),
      await program.run({ z: rows("float32", 40) }),
    ];
    expect(a).toEqual(b);
  });

  it("says what it expected and what it got", async () => {
    const program = await engine.compile(g.bind(example("float32"), { n: 3 }));
    const run = (z?: Tensor, into?: Tensors): Promise<Tensors> => program.run(z ? { z } : {}, into);
    await expect(run()).rejects.toThrow("run: expected z of float32[3, 2], got nothing");
    await expect(run(rows("float32", 4))).rejects.toThrow(
      "expected z of float32[3, 2], got float32[4, 2]",
    );
    await expect(run(rows("float64", 3))).rejects.toThrow("got float64[3, 2]");
    await expect(
      run({ type: "float32", shape: [3, 2], data: new Float32Array(5) }),
    ).rejects.toThrow("got 5 elements");
    await expect(run(rows("float32", 3), { mean: g.zeros("float32", [2, 3]) })).rejects.toThrow(
      "expected mean of float32[3, 2], got float32[2, 3]",
    );
    await expect(run()).rejects.toBeInstanceOf(g.InputError);
  });

  it("finds where a number stops being finite", async () => {
    const z = g.input("z", "float32", [2, 2]);
    const shifted = g.sub(z, 1);
    const source = g.graph([z], { good: g.exp(z), bad: g.mul(g.sqrt(shifted), 2) });
    const run = (data: number[]): Promise<string | null> =>
      g.diagnose(engine, source, { z: g.tensorFrom("float32", [2, 2], data) });
    expect(await run([1, 2, 3, 4])).toBeNull();
    expect(await run([1, 2, 0.5, 4])).toMatch(
      /^node Sqrt_\d+, Sqrt\(float32\[2, 2\]\), of \[2, 2\] is NaN at \[1, 0\]$/,
    );
    expect(await run([1, Infinity, 3, 4])).toBe("input z [2, 2] is Infinity at [0, 1]");
    const weights = g.constant(g.tensorFrom("float32", [2], [1, Number.NaN]));
    const spoilt = g.graph([z], { bad: g.mul(z, weights) });
    expect(await g.diagnose(engine, spoilt, { z: g.zeros("float32", [2, 2]) })).toBe(
      "a constant of [2] is NaN at [1]",
    );
  });
});
