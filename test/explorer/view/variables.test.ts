import { categorical } from "pullback-core";
import { describe, expect, test } from "vitest";
import { allOnDark, colourings, onDark } from "../../../packages/explorer/src/view/colouring.ts";
import type { Filter } from "../../../packages/explorer/src/view/filter.ts";
import { passing, toggled } from "../../../packages/explorer/src/view/filter.ts";
import { variables } from "../../../packages/explorer/src/view/variables.ts";
import type { About } from "../../../packages/explorer/src/work/session.ts";
import { columnOf } from "../../../packages/explorer/src/work/table.ts";

const about = (columns: About["columns"], n: number, more: object = {}): About =>
  ({
    description: { latentDimension: 2 },
    latents: new Float32Array(2 * n),
    columns,
    ...more,
  }) as About;
const numbers = (name: string, ...values: (number | null)[]) => columnOf(name, values);
const words = (name: string, ...values: (string | null)[]) => columnOf(name, values);

describe("what is known of codes", () => {
  test("few whole numbers are classes, other numbers a range, an angle wraps around", () => {
    const found = variables(
      about([numbers("kind", 1, 2, 1), numbers("age", 1.5, 2, 9)], 3, {
        description: { latentDimension: 2, value: { name: "angle", unit: "°", period: 360 } },
        values: Float64Array.of(0, 90, 359),
      }),
    );
    expect(found.map(({ name, kind }) => [name, kind])).toEqual([
      ["angle", "values"],
      ["kind", "classes"],
      ["age", "values"],
    ]);
    expect(found.map(({ say }) => say(2))).toEqual(["359°", "1", "9"]);
    expect(found[0]).toMatchObject({ period: 360, low: 0, high: 359 });
  });

  test("labels have the names that the model gives them", () => {
    const labels = Int32Array.of(1, 0, 1);
    const [kind] = variables(
      about([], 3, { labels, description: { latentDimension: 2, labelNames: ["fox", "owl"] } }),
    );
    expect([0, 1, 2].map((code) => kind?.say(code))).toEqual(["owl", "fox", "owl"]);
  });

  test("words that repeat are classes by how often they occur; what is missing is one more", () => {
    const [kind] = variables(about([words("kind", "owl", "fox", null, "fox")], 4));
    if (kind?.kind !== "classes") throw new Error("expected classes");
    expect(kind.entries.map(({ name }) => name)).toEqual(["fox", "owl", "unknown"]);
    expect([...kind.entryOf]).toEqual([1, 0, 2, 0]);
    expect(kind.say(2)).toBe("");
  });

  test("of many words the rare ones share a class, and none is a class where all are rare", () => {
    const often = Array.from({ length: 60 }, (_, i) => (i < 50 ? `kind ${i % 5}` : `rare ${i}`));
    const [kind, id] = variables(
      about([words("kind", ...often), words("id", ...often.map((_, i) => `id ${i}`))], 60),
    );
    if (kind?.kind !== "classes") throw new Error("expected classes");
    expect(kind.entries).toHaveLength(11);
    expect(kind.entries.at(-1)?.name).toBe("5 others");
    expect(kind.entryOf[59]).toBe(10);
    expect(kind.say(59)).toBe("rare 59");
    expect(id?.kind).toBe("words");
  });

  test("two columns of one name are told apart", () => {
    const found = variables(about([numbers("a", 0.5), numbers("a", 1.5), words("a", "x")], 1));
    expect(found.map(({ name }) => name)).toEqual(["a", "a (2)", "a (3)"]);
  });
});

describe("colours", () => {
  test("run from the least to the greatest value; what is unknown is grey", () => {
    const found = variables(about([numbers("age", 1.5, null, 9, 1.5)], 4));
    const [age, nothing] = colourings(found, 4);
    const colour = (i: number): number[] => [...(age?.colours.subarray(3 * i, 3 * i + 3) ?? [])];
    expect(colour(0)).toEqual(colour(3));
    expect(colour(0)).not.toEqual(colour(2));
    expect(colour(1)).toEqual([0xa0, 0xa4, 0xa8]);
    expect(nothing?.name).toBe("nothing");
  });

  test("on a dark map no class is dark, and none takes the colour of another", () => {
    const ten = Array.from({ length: 10 }, (_, i) => `word ${i}`);
    const found = variables(about([words("kind", ...ten, ...ten)], 20));
    const [kind] = colourings(found, 20);
    const lit = allOnDark(kind?.colours as Uint8Array);
    const lightness = (i: number): number =>
      0.2126 * (lit[3 * i] as number) +
      0.7152 * (lit[3 * i + 1] as number) +
      0.0722 * (lit[3 * i + 2] as number);
    for (let i = 0; i < 10; i++) expect(lightness(i), `class ${i}`).toBeGreaterThan(90);
    const names = ten.map((_, i) => onDark(categorical(i)));
    expect(new Set(names).size).toBe(10);
    // The legend has the colours of the map.
    const hex = (i: number): string =>
      `#${Buffer.from(lit.subarray(3 * i, 3 * i + 3)).toString("hex")}`;
    expect(ten.map((_, i) => hex(i))).toEqual(names);
  });

  test("words that are only read colour nothing", () => {
    const ids = Array.from({ length: 30 }, (_, i) => `id ${i}`);
    expect(colourings(variables(about([words("id", ...ids)], 30)), 30)).toHaveLength(1);
  });
});

describe("a filter", () => {
  const known = variables(
    about(
      [
        words("kind", "fox", "owl", "fox", null),
        numbers("age", 1.5, 2.5, null, 4.5),
        words("note", "Young one", "old", "an OLD fox", "grey"),
      ],
      4,
    ),
  );
  const pass = (filters: [string, Filter][], search = ""): number[] => [
    ...passing(known, new Map(filters), search, 4),
  ];
  const range = (from: number, to: number): Filter => ({ kind: "range", from, to });
  const without = (...names: string[]): Filter => ({ kind: "without", names: new Set(names) });

  test("of a range keeps its ends, and nothing that is unknown", () => {
    expect(pass([["age", range(1.5, 2.5)]])).toEqual([1, 1, 0, 0]);
  });
  test("leaves classes out, the unknown too", () => {
    expect(pass([["kind", without("owl", "unknown")]])).toEqual([1, 0, 1, 0]);
  });
  test("by words looks at all that is said, in capitals or not", () => {
    expect(pass([], " old ")).toEqual([0, 1, 1, 0]);
    expect(pass([], "fox")).toEqual([1, 0, 1, 0]);
    expect(pass([], "2.5")).toEqual([0, 0, 0, 0]);
  });
  test("all of them at once, and none that is of no variable", () => {
    expect(
      pass(
        [
          ["kind", without("owl")],
          ["age", range(0, 9)],
        ],
        "o",
      ),
    ).toEqual([1, 0, 0, 0]);
    expect(
      pass([
        ["gone", range(0, 1)],
        ["kind", range(0, 1)],
      ]),
    ).toEqual([1, 1, 1, 1]);
  });
  test("that leaves out nothing any more is none", () => {
    const once = toggled(undefined, "owl");
    expect(once).toEqual(without("owl"));
    expect(toggled(once, "fox")).toEqual(without("owl", "fox"));
    expect(toggled(once, "owl")).toBeUndefined();
  });
});
