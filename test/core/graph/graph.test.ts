/** What graphs do as wholes: joining, binding, changing precision, names, and refusing. */
import type { Graph, Value } from "pullback-core";
import * as g from "pullback-core";
import { describe, expect, it } from "vitest";
import type { Plain } from "../../reference/array.ts";
import { interpret } from "../../reference/interpreter.ts";

const names = ({ outputs }: Graph): string[] =>
  g.topological(Object.values(outputs)).map(({ operator }) => operator.name);
const count = (graph: Graph, operator: string): number =>
  names(graph).filter((name) => name === operator).length;

const matrix = (rows: number, columns: number, f: (i: number) => number): Value =>
  g.constant(
    g.tensorFrom(
      "float32",
      [rows, columns],
      Array.from({ length: rows * columns }, (_, i) => f(i)),
    ),
  );

/** Two layers from 3 latent dimensions to 4. */
function decoder(): { z: Value; mean: Value } {
  const z = g.input("z", "float32", ["n", 3]);
  const hidden = g.tanh(g.matmul(z, matrix(3, 5, Math.sin)));
  return { z, mean: g.sigmoid(g.matmul(hidden, matrix(5, 4, Math.cos))) };
}

const ones = (z: Value, latent: number): Value =>
  g.expand(
    g.constant(
      g.tensorFrom(
        "float32",
        [3],
        [0, 1, 2].map((i) => Number(i === latent)),
      ),
    ),
    z.shape,
  );

describe("a graph", () => {
  it("computes the primal once for d tangents", () => {
    const { z, mean } = decoder();
    const tangents = [0, 1, 2].map((i) => g.jvp([mean], [z], [ones(z, i)])[0] as Value);
    const value = g.graph([z], { mean });
    const all = g.graph([z], {
      mean,
      a: tangents[0] as Value,
      b: tangents[1] as Value,
      c: tangents[2] as Value,
    });
    expect(count(value, "MatMul")).toBe(2);
    // A tangent is a product a layer; the layers themselves are shared.
    expect(count(all, "MatMul")).toBe(2 + 3 * 2);
    expect(count(all, "Tanh")).toBe(1);
    expect(count(all, "Sigmoid")).toBe(1);
  });

  it("joins equal values that were built apart", () => {
    const x = g.input("x", "float32", [2]);
    const graph = g.graph([x], {
      a: g.exp(g.add(x, 1)),
      b: g.exp(g.add(x, 1)),
      c: g.exp(g.add(x, 2)),
    });
    expect(count(graph, "Exp")).toBe(2);
    expect(graph.outputs.a).toBe(graph.outputs.b);
  });

  it("does not join 0 and -0, nor constants of two types", () => {
    const x = g.input("x", "float32", [2]);
    const graph = g.graph([x], {
      a: g.div(x, g.scalar("float32", 0)),
      b: g.div(x, g.scalar("float32", -0)),
    });
    expect(count(graph, "Div")).toBe(2);
  });

  it("forgets what no output needs, and what does not move", () => {
    const x = g.input("x", "float32", [2]);
    const y = g.input("y", "float32", [2]);
    const product = g.mul(g.sin(x), g.exp(y));
    const [along] = g.jvp([product], [x, y], [g.input("t", "float32", [2]), null]);
    const t = (along as Value).inputs.find((v) => v.inputs.length === 0);
    expect(t).toBeUndefined();
    expect(g.jvp([g.exp(y)], [x], [x])).toEqual([null]);
    expect(g.jvp([g.sign(x)], [x], [x])).toEqual([null]);
    const [gradient] = g.vjp([g.exp(y)], [x], [y]);
    expect(g.uniform(gradient as Value)).toBe(0);
    const graph = g.graph([x, y], { gx: g.vjp([product], [x], [y])[0] as Value });
    // By x alone: the derivative of exp(y) is not formed.
    expect(count(graph, "Cos")).toBe(1);
    expect(count(graph, "Exp")).toBe(1);
    expect(count(graph, "ReduceSum")).toBe(0);
  });

  it("refuses outputs that use an input not given", () => {
    const [x, y] = [g.input("x", "float32", [2]), g.input("y", "float32", [2])];
    expect(() => g.graph([x], { sum: g.add(x, y) })).toThrow(/use an input not given: y/);
  });

  it("refuses shapes and types that do not fit, naming the operator and both", () => {
    const [a, b] = [g.input("a", "float32", ["n", 2]), g.input("b", "float32", [3])];
    expect(() => g.add(a, b)).toThrow("Add(float32[n, 2], float32[3]): shapes do not broadcast");
    expect(() => g.add(a, g.input("c", "float64", ["n", 2]))).toThrow(/inputs of one type/);
    expect(() => g.matmul(a, g.input("c", "float32", [3, 2]))).toThrow(
      /inner sizes 2 and 3 differ/,
    );
    expect(() => g.reshape(a, [2])).toThrow(/does not fit/);
    expect(() => g.reduceSum(a, [2])).toThrow(/axis 2 is outside/);
    expect(() => g.reduceSum(a, [1, -1])).toThrow(/twice/);
    expect(() => g.slice(b, 0, 0, 3, 0)).toThrow(/step other than 0/);
    expect(() => g.gather(b, g.constant(g.tensorFrom("int64", [], [3])))).toThrow(
      /index 3 is outside/,
    );
    expect(() => g.pad(b, 0, -1, 0)).toThrow(/at least 0/);
    expect(() => g.transpose(a, [0, 0])).toThrow(/no order of the axes/);
    expect(() => g.jvp([a], [a], [b])).toThrow(/tangent: expected shape \[n, 2\], got \[3\]/);
  });

  it("is as deep as it has to be", () => {
    const x = g.input("x", "float32", [1]);
    let y = x;
    for (let i = 0; i < 20_000; i++) y = g.sin(y);
    const graph = g.graph([x], { y, dy: g.jvp([y], [x], [x])[0] as Value });
    expect(names(graph).length).toBeGreaterThan(40_000);
  });
});

describe("bind", () => {
  it("replaces the symbol everywhere", () => {
    const { z, mean } = decoder();
    const wide = g.expand(g.reduceSum(mean, [1], true), mean.shape);
    const bound = g.bind(g.graph([z], { mean, wide: g.reshape(wide, [4, "n"]) }), { n: 7 });
    for (const value of g.topological(Object.values(bound.outputs)))
      expect([...value.shape, ...Object.values(value.attributes).flat()]).not.toContain("n");
    expect(bound.outputs.wide?.shape).toEqual([4, 7]);
    expect(bound.inputs.z?.shape).toEqual([7, 3]);
  });

  it.each([0, -1, 1.5, Number.NaN])("refuses n = %s", (n) => {
    const { z, mean } = decoder();
    expect(() => g.bind(g.graph([z], { mean }), { n })).toThrow(/bind: expected n/);
  });

  it("gives one row what it gives that row among many", () => {
    const { z, mean } = decoder();
    const [t] = g.jvp([mean], [z], [ones(z, 1)]);
    const [back] = g.vjp([mean], [z], [mean]);
    const graph = g.graph([z], { mean, t: t as Value, back: back as Value });
    const rows = [0.1, -0.2, 0.3, 0.5, 0.7, -0.9];
    const two = interpret(g.bind(graph, { n: 2 }), { z: { shape: [2, 3], data: rows } });
    const one = interpret(g.bind(graph, { n: 1 }), { z: { shape: [1, 3], data: rows.slice(3) } });
    for (const name of Object.keys(one)) {
      const { data } = one[name] as Plain;
      expect((two[name] as Plain).data.slice(-data.length)).toEqual(data);
    }
  });
});

describe("withPrecision", () => {
  it("changes inputs, constants, casts and what is between them, and nothing else", () => {
    const { z, mean } = decoder();
    const labels = g.input("labels", "int64", ["n"]);
    const graph = g.graph([z, labels], {
      mean: g.mul(mean, g.cast(g.reshape(labels, ["n", 1]), "float32")),
      condition: g.greater(mean, g.zerosLike(mean)),
    });
    const wide = g.withPrecision(graph, "float64");
    expect(wide.inputs.labels?.type).toBe("int64");
    expect(wide.outputs.mean?.type).toBe("float64");
    expect(wide.outputs.condition?.type).toBe("bool");
    const types = g.topological(Object.values(wide.outputs)).map(({ type }) => type);
    expect(types).not.toContain("float32");
    expect(names(wide)).toEqual(names(graph));
  });
});

describe("inline", () => {
  it("puts a graph over other inputs", () => {
    const x = g.input("x", "float32", [2]);
    const square = g.graph([x], { y: g.mul(x, x) });
    const u = g.input("u", "float32", [2]);
    const { y } = g.inline(square, { x: g.add(u, 1) });
    const whole = g.graph([u], { y: y as Value });
    const numbers = { u: { shape: [2], data: [2, -3] } };
    expect(interpret(whole, numbers).y?.data).toEqual([9, 4]);
    expect(() => g.inline(square, { u })).toThrow(/needs an input x/);
  });
});

describe("renamed", () => {
  const { z, mean } = decoder();
  const graph = g.graph([z], { mean, other: g.neg(mean) });

  it("gives inputs and outputs other names", () => {
    const other = g.renamed(graph, { inputs: { z: "latent" }, outputs: { mean: "image" } });
    expect(Object.keys(other.inputs)).toEqual(["latent"]);
    expect(Object.keys(other.outputs)).toEqual(["image", "other"]);
    expect(g.inputName(other.inputs.latent as Value)).toBe("latent");
    const data = [1, 2, 3];
    expect(interpret(g.bind(other, { n: 1 }), { latent: { shape: [1, 3], data } }).image).toEqual(
      interpret(g.bind(graph, { n: 1 }), { z: { shape: [1, 3], data } }).mean,
    );
  });

  it("refuses names that are not there, and two of one name", () => {
    expect(() => g.renamed(graph, { inputs: { x: "z" } })).toThrow(/one of the inputs z, got x/);
    expect(() => g.renamed(graph, { outputs: { mean: "other" } })).toThrow(/one name/);
  });
});
