/** What is written is read again with its meaning: every operator, its derivatives, the symbol n. */
import fc from "fast-check";
import type { Graph, Value } from "pullback-core";
import * as g from "pullback-core";
import { describe, expect, it } from "vitest";
import { interpret } from "../../../reference/interpreter.ts";
import { flat, smooth } from "../cases.ts";
import { tower } from "../tower.ts";

/** The graph after writing and reading; reading must change nothing that is written again. */
function reread(graph: Graph): Graph {
  const read = g.readOnnx(g.writeOnnx(graph));
  const bytes = g.writeOnnx(read);
  expect(g.writeOnnx(g.readOnnx(bytes))).toEqual(bytes);
  return read;
}

describe.each([...smooth, ...flat])("%s", (_, instances) => {
  it("is written and read", () => {
    fc.assert(
      fc.property(instances, fc.nat(), (instance, seed) => {
        const { graph, numbers } = tower(instance, "float64", seed);
        // A file with an input of size 0 on the first axis means an open size.
        fc.pre(Object.values(graph.inputs).every(({ shape }) => !shape.includes(0)));
        const again = reread(graph);
        expect(Object.keys(again.inputs)).toEqual(Object.keys(graph.inputs));
        for (const [name, value] of Object.entries(graph.outputs)) {
          expect(again.outputs[name]?.type).toBe(value.type);
          expect(again.outputs[name]?.shape).toEqual(value.shape);
        }
        expect(interpret(again, numbers)).toEqual(interpret(graph, numbers));
      }),
      { numRuns: 8, seed: 3 },
    );
  });
});

it("keeps the bytes of a decoder and its Jacobian", () => {
  const weights = (rows: number, columns: number): Value =>
    g.constant(
      g.tensorFrom(
        "float32",
        [rows, columns],
        Array.from({ length: rows * columns }, (_, i) => Math.sin(i)),
      ),
    );
  const z = g.input("z", "float32", ["n", 2]);
  const hidden = g.softplus(g.matmul(z, weights(2, 8)));
  const mean = g.sigmoid(
    g.matmul(g.add(hidden, g.tanh(g.matmul(hidden, weights(8, 8)))), weights(8, 3)),
  );
  const along = (latent: number): Value => {
    const one = g.constant(g.tensorFrom("float32", [2], [1 - latent, latent]));
    return g.jvp([mean], [z], [g.expand(one, z.shape)])[0] as Value;
  };
  const jacobian = g.stack([along(0), along(1)], 1);
  const bytes = g.writeOnnx(
    g.graph([z], { mean, jacobian, rows: g.expand(g.scalar("float32", 2), z.shape) }),
  );
  const read = g.readOnnx(bytes);
  expect(read.outputs.jacobian?.shape).toEqual(["n", 2, 3]);
  expect(g.writeOnnx(read)).toEqual(bytes);
});

it("finds names that inputs and outputs have not taken", () => {
  const v1 = g.input("v1", "float32", [2]);
  const i1 = g.input("i1", "float32", [2]);
  const graph = g.graph([v1, i1], {
    v2: g.reduceSum(g.exp(v1), [0]),
    n: g.slice(g.neg(i1), 0, 1, 2),
    v1,
  });
  const numbers = { v1: { shape: [2], data: [1, 2] }, i1: { shape: [2], data: [3, 4] } };
  expect(interpret(reread(graph), numbers)).toEqual(interpret(graph, numbers));
});

it("refuses one name for an input and another output", () => {
  const x = g.input("x", "float32", [2]);
  expect(() => g.writeOnnx(g.graph([x], { x: g.neg(x) }))).toThrow(/x names both an input/);
});
