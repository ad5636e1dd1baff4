/** Rows through programs of fixed sizes: each row as if it were alone, each program made once. */
import type { Engine } from "pullback-core";
import * as g from "pullback-core";
import { afterAll, describe, expect, it } from "vitest";
import { nativeEngine } from "../../../packages/pullback/src/engine/onnxruntime.ts";

const native = nativeEngine({ threads: 1 });
afterAll(() => native.dispose());

/** The engine, counting what it compiles. */
function counting(): Engine & { readonly compiled: number[] } {
  const compiled: number[] = [];
  return {
    ...native,
    compiled,
    compile(graph) {
      compiled.push(Object.values(graph.inputs)[0]?.shape[0] as number);
      return native.compile(graph);
    },
  };
}

const z = g.input("z", "float64", ["n", 2]);
const t = g.input("t", "float64", ["n"]);
const source = g.graph([z, t], {
  sum: g.mul(g.reduceSum(z, [1]), t),
  square: g.mul(z, z),
});

const inputs = (rows: number) => ({
  z: Float64Array.from({ length: 2 * rows }, (_, i) => i + 1),
  t: Float64Array.from({ length: rows }, (_, i) => 1 / (i + 1)),
});

describe("runRows", () => {
  it.each([0, 1, 3, 64, 65, 300, 5000])("computes %s rows", async (rows) => {
    const cache = g.programCache(native);
    const given = inputs(rows);
    const { sum, square } = await g.runRows(cache, source, given);
    expect(square).toEqual(given.z.map((x) => x * x));
    const expected = given.t.map(
      (t, i) => ((given.z[2 * i] as number) + (given.z[2 * i + 1] as number)) * t,
    );
    expect(sum).toEqual(expected);
  });

  it("compiles each size once, also when asked twice at a time", async () => {
    const engine = counting();
    const cache = g.programCache(engine);
    const run = () => g.runRows(cache, source, inputs(70));
    await Promise.all([run(), run()]);
    await run();
    expect(new Set(engine.compiled).size).toBe(engine.compiled.length);
    const before = engine.compiled.length;
    await g.runRows(cache, g.graph([z, t], { square: g.mul(z, z) }), inputs(70));
    expect(engine.compiled.length).toBeGreaterThan(before);
  });

  it("stops when it is told to, and tells how far it is", async () => {
    const cache = g.programCache(native);
    const done: number[] = [];
    await g.runRows(cache, source, inputs(5000), { onRows: (rows) => done.push(rows) });
    expect(done.at(-1)).toBe(5000);
    expect([...done].sort((a, b) => a - b)).toEqual(done);
    await expect(
      g.runRows(cache, source, inputs(10), { signal: AbortSignal.abort() }),
    ).rejects.toThrow();
  });

  it("refuses rows that do not fit", async () => {
    const cache = g.programCache(native);
    const run = (z: Float64Array, t?: Float64Array) =>
      g.runRows(cache, source, t ? { z, t } : ({ z } as Record<string, Float64Array>));
    await expect(run(new Float64Array(4))).rejects.toThrow(/rows for the input t, got nothing/);
    await expect(run(new Float64Array(3), new Float64Array(1))).rejects.toThrow(/got 3 numbers/);
    await expect(run(new Float64Array(4), new Float64Array(3))).rejects.toThrow(
      /expected 2 rows of 1/,
    );
    const fixed = g.input("z", "float64", [4, 2]);
    await expect(
      g.runRows(cache, g.graph([fixed], { y: g.neg(fixed) }), { z: new Float64Array(8) }),
    ).rejects.toThrow(/expected z of float rows \[n, ...\], got float64\[4, 2\]/);
  });
});

describe("cut", () => {
  it.each([0, 1, 2, 63, 64, 65, 129, 4096, 4097, 10_000])(
    "covers %s rows, with and without overlap",
    (total) => {
      for (const overlap of [0, 1]) {
        const blocks = g.cut(total, overlap);
        let next = 0;
        for (const [i, { start, rows, size }] of blocks.entries()) {
          expect(start).toBe(i === 0 ? 0 : next - overlap);
          expect(rows).toBeGreaterThan(i === 0 ? 0 : overlap);
          expect(rows).toBeLessThanOrEqual(size);
          expect(g.blockSizes).toContain(size);
          next = start + rows;
        }
        expect(next).toBe(total);
      }
    },
  );
});

describe("programCache", () => {
  it("tries again after a failure", async () => {
    let failures = 1;
    const engine: Engine = {
      ...native,
      compile: (graph) =>
        failures-- > 0 ? Promise.reject(new Error("no memory")) : native.compile(graph),
    };
    const cache = g.programCache(engine);
    await expect(cache.program(source, 4)).rejects.toThrow("no memory");
    expect((await cache.program(source, 4)).graph.inputs.z?.shape).toEqual([4, 2]);
    expect(cache.compileSeconds).toBeGreaterThan(0);
  });
});
