/** Every equation of the paper has its code: docs/theory.md says where, and it is there. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const path = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));
const text = readFileSync(path("docs/theory.md"), "utf8");

/** Rows of a table as cells. */
function rows(head: string): string[][] {
  const lines = text.slice(text.indexOf(head)).split("\n");
  const last = lines.findIndex((line) => !line.startsWith("|"));
  return lines.slice(2, last).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const equations = rows("| equation |");
const figures = rows("| figure |");
const files = (cell = ""): string[] =>
  [...cell.matchAll(/`([\w/.-]+(?:\.ts|\/))`/g)].map(([, file]) => file as string);

/** Numbers of a cell such as `(2), (3)` or `3, 4: path` or `11, 13`. */
const numbers = (cell: string, pattern: RegExp): number[] =>
  [...cell.matchAll(pattern)].map(([, number]) => Number(number));

test("has a row with a file for each of the 21 equations", () => {
  const found = new Set(equations.flatMap(([which = ""]) => numbers(which, /\((\d+)\)/g)));
  for (let equation = 1; equation <= 21; equation++)
    expect(found, `equation (${equation})`).toContain(equation);
  for (const [which, , where] of equations) expect(files(where).length, which).toBeGreaterThan(0);
});

test("has a row with a file for each of the 13 figures", () => {
  const found = new Set(
    figures.flatMap(([which = ""]) => numbers(which.split(":")[0] as string, /\b(\d+)\b/g)),
  );
  for (let figure = 1; figure <= 13; figure++) expect(found, `figure ${figure}`).toContain(figure);
  for (const [which, , where] of figures) expect(files(where).length, which).toBeGreaterThan(0);
});

test("names files that are there", () => {
  const named = [...text.matchAll(/`((?:packages|[a-z-]+)\/[\w/.-]*)`/g)].map(
    ([, file]) => file as string,
  );
  expect(named.length).toBeGreaterThan(40);
  for (const file of named) {
    const full = file.startsWith("packages/") ? file : `packages/core/src/${file}`;
    expect(existsSync(path(full)), file).toBe(true);
  }
});
