import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { Layout } from "./imports.ts";
import { cycleOf, importsIn, importsOf, violations } from "./imports.ts";

/** The data flow of the mathematics: a folder may import itself and those before it. */
const core: Layout = {
  order: [
    "array",
    "format",
    "graph",
    "engine",
    "model",
    "drawing",
    "metric",
    "curve",
    "neighbourhood",
    "start",
    "geodesic",
    "distance",
    "analysis",
    "motion",
    "figure",
  ],
  // Nothing of Node, no engine, no document: the core runs anywhere.
  forbidden:
    /^node:|^(fs|path|os|url|zlib|crypto)$|^onnxruntime|^linkedom|^@resvg|^jsdom|^pullback/,
};

const node: Layout = {
  order: ["engine", "files", "datasets", "report", "experiments", "jobs", "server", "cli"],
  // The core through its table of contents only.
  forbidden: /^pullback-core\/|packages\/core/,
};

const explorer: Layout = {
  order: ["engine", "work", "protocol", "view", "page"],
  // Nothing of Node; the core through its table of contents only.
  forbidden: /^node:|^pullback-core\/|packages\/core|^pullback$/,
};

const source = (name: string): string =>
  fileURLToPath(new URL(`../packages/${name}/src`, import.meta.url));

test.each([
  ["core", core],
  ["pullback", node],
  ["explorer", explorer],
])("%s is laid out as it says", (name, layout) => {
  const imports = importsOf(source(name));
  expect(imports.length).toBeGreaterThan(10);
  expect(violations(imports, layout)).toEqual([]);
});

describe("the check itself", () => {
  const layout: Layout = { order: ["array", "graph", "metric"], forbidden: /^node:/ };
  const found = (file: string, target: string): string[] => violations([{ file, target }], layout);

  test("allows what comes before, the same folder, packages, and everything to the index", () => {
    expect(found("metric/a.ts", "../graph/operators/b.ts")).toEqual([]);
    expect(found("graph/operators/a.ts", "../value.ts")).toEqual([]);
    expect(found("graph/operators/a.ts", "../../array/tensor.ts")).toEqual([]);
    expect(found("graph/a.ts", "valibot")).toEqual([]);
    expect(found("index.ts", "./metric/a.ts")).toEqual([]);
  });

  test.each([
    ["array/a.ts", "../graph/b.ts", "graph comes after array"],
    ["graph/operators/a.ts", "../../metric/b.ts", "metric comes after graph"],
    ["array/a.ts", "node:fs", "is not for this package"],
    ["graph/a.ts", "../index.ts", "index has no place in the order"],
    ["graph/a.ts", "../misc/b.ts", "misc has no place in the order"],
    ["misc/a.ts", "../array/b.ts", "misc has no place in the order"],
  ])("refuses %s that imports %s", (file, target, message) => {
    expect(found(file, target)[0]).toContain(message);
  });

  test("finds a cycle, however long", () => {
    const both = [
      { file: "array/a.ts", target: "../graph/b.ts" },
      { file: "graph/b.ts", target: "../array/c.ts" },
    ];
    expect(violations(both, layout)).toContain("a cycle: array -> graph -> array");
    const edges = new Map([
      ["a", new Set(["b"])],
      ["b", new Set(["c", "d"])],
      ["d", new Set(["b"])],
    ]);
    expect(cycleOf(edges)).toEqual(["b", "d", "b"]);
    expect(
      cycleOf(
        new Map([
          ["a", new Set(["b", "c"])],
          ["b", new Set(["c"])],
        ]),
      ),
    ).toBeNull();
  });

  test("reads imports of every kind and no comments", () => {
    const text = `
      /** import x from "commented"; */
      // import "also-commented";
      import a from "a";
      import type { B } from './b.ts';
      import {
        c,
      } from "../c.ts";
      import "side-effect";
      export * from "./d.ts";
      export type { E } from "./e.ts";
      const f = await import("./f.ts");`;
    expect(importsIn(text)).toEqual([
      "a",
      "./b.ts",
      "../c.ts",
      "side-effect",
      "./d.ts",
      "./e.ts",
      "./f.ts",
    ]);
  });
});
