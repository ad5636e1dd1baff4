import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readParquet } from "../../../packages/explorer/src/work/parquet.ts";
import type { Table } from "../../../packages/explorer/src/work/table.ts";
import { codesOf, readTextTable } from "../../../packages/explorer/src/work/table.ts";

/** What the table says of a row, by column. */
function row({ columns }: Pick<Table, "columns">, i: number): Record<string, unknown> {
  return Object.fromEntries(
    columns.map((column) => [
      column.name,
      column.kind === "numbers" ? column.values[i] : column.words[column.places[i] as number],
    ]),
  );
}

describe("a table as text", () => {
  test("columns of numbers and of words, holes in both, and words that look like numbers", () => {
    const table = readTextTable('z1,z2,age,kind,id\n0.1,0.2,31,"a, b",007\n0.3,0.4,,,x8\n');
    expect(table.rows).toBe(2);
    expect(row(table, 0)).toEqual({ z1: 0.1, z2: 0.2, age: 31, kind: "a, b", id: "007" });
    expect(row(table, 1)).toEqual({ z1: 0.3, z2: 0.4, age: Number.NaN, kind: undefined, id: "x8" });
  });

  test("without a header columns are counted", () => {
    expect(row(readTextTable("0.5;1,25;fox\n"), 0)).toEqual({
      "column 1": 0.5,
      "column 2": 1.25,
      "column 3": "fox",
    });
  });

  test.each([
    ["", "got an empty file"],
    ["a,b\n", "below the header"],
    ["a,b\n1,2\n3\n", "line 3: expected 2 columns as in the first line, got 1"],
  ])("%j: %s", (text, words) => expect(() => readTextTable(text)).toThrow(words));
});

describe("codes in a table", () => {
  test("by name, wherever they stand; otherwise the first columns", () => {
    const named = codesOf(readTextTable("age,z_1,kind,z_0\n31,1,fox,2\n"), 2);
    expect([...named.latents]).toEqual([2, 1]);
    expect(named.columns.map(({ name }) => name)).toEqual(["age", "kind"]);
    const first = codesOf(readTextTable("a,b,pixel1,pixel2\n1,2,3,4\n"), 2);
    expect([...first.latents]).toEqual([1, 2]);
    expect(first.columns).toHaveLength(2);
  });

  test("z1 to z3 are no codes of a decoder that takes two", () => {
    const { columns } = codesOf(readTextTable("a,b,z1,z2,z3\n1,2,3,4,5\n"), 2);
    expect(columns.map(({ name }) => name)).toEqual(["z1", "z2", "z3"]);
  });

  test.each([
    ["a\n1\n", "expected 2 columns of codes or more, as the decoder takes, got 1"],
    ["kind,b\nfox,1\n", 'row 1, column 1 (kind): expected a finite number, got "fox"'],
    ["z1,z2\n1,2\n3,\n", "row 2, column 2 (z2): expected a finite number, got nothing"],
    ["1,2\n3,inf\n", "row 2, column 2 (column 2): expected a finite number, got Infinity"],
    ["1,2\n1e300,3\n", "row 2, column 1 (column 1): expected a finite number, got 1e+300"],
  ])("%j: %s", (text, words) => expect(() => codesOf(readTextTable(text), 2)).toThrow(words));
});

describe("Parquet", () => {
  const fixture = (name: string): Uint8Array =>
    new Uint8Array(readFileSync(new URL(`../../fixtures/${name}`, import.meta.url)));

  test("as pyarrow writes it: snappy, row groups, nulls, codes in a list", async () => {
    const table = await readParquet(fixture("codes-pyarrow.parquet"));
    const { latents, columns } = codesOf(table, 2);
    expect(latents).toHaveLength(120);
    expect(latents[2 * 59]).toBeCloseTo(59 / 40 - 0.75, 6);
    expect(latents[2 * 59 + 1]).toBeCloseTo(3 / 7, 6);
    expect(row({ columns }, 40)).toEqual({ kind: "owl", age: 20, note: "animal number 40" });
    expect(row({ columns }, 4).age).toBeNaN();
    expect(row({ columns }, 5).note).toBeUndefined();
  });

  test("as polars writes it: zstd, 64-bit integers, dates, truth values, codes by name", async () => {
    const { latents, columns } = codesOf(await readParquet(fixture("codes-polars.parquet")), 2);
    expect(latents[2]).toBeCloseTo(1 / 40 - 0.75, 6);
    expect(latents[3]).toBeCloseTo(1 / 7, 6);
    expect(row({ columns }, 1)).toEqual({ seen: "2021-03-02", count: 1000001, tame: "false" });
  });

  test("what is none, is cut off or is broken inside is said in words", async () => {
    const whole = fixture("codes-pyarrow.parquet");
    await expect(readParquet(new TextEncoder().encode("a,b\n1,2\n3,4\n"))).rejects.toThrow(
      "expected a Parquet file, which begins with PAR1",
    );
    await expect(readParquet(whole.subarray(0, 900))).rejects.toThrow("the file is cut off");
    const broken = whole.slice().fill(255, 4, 400);
    await expect(readParquet(broken)).rejects.toThrow("cannot read it as Parquet");
  });
});
