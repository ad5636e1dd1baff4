/**
 * @file Tables that describe codes: columns of numbers and of words, from text or from Parquet.
 *
 * What stands in a file decides what a column is: numbers where every field that is filled is one,
 * words otherwise. Empty fields are allowed beside the codes, not in them.
 */
import { InputError, readLines, toNumber } from "pullback-core";

/** One entry a row. */
export type Column = NumberColumn | WordColumn;

export interface NumberColumn {
  readonly kind: "numbers";
  readonly name: string;
  /** NaN where nothing is known. */
  readonly values: Float64Array;
}

export interface WordColumn {
  readonly kind: "words";
  readonly name: string;
  /** Every word that occurs, in the order of its first row. */
  readonly words: readonly string[];
  /** The word of each row by its place in `words`, -1 where nothing is known. */
  readonly places: Int32Array;
}

export interface Table {
  readonly rows: number;
  readonly columns: readonly Column[];
}

/** Numbers where all that is filled are numbers, words otherwise; `null` where nothing is. */
export function columnOf(name: string, fields: readonly (number | string | null)[]): Column {
  if (fields.every((field) => typeof field !== "string"))
    return {
      kind: "numbers",
      name,
      values: Float64Array.from(fields, (field) => (field === null ? Number.NaN : field)),
    };
  const known = new Map<string, number>();
  const places = Int32Array.from(fields, (field) => {
    if (field === null) return -1;
    const word = String(field);
    const place = known.get(word) ?? known.size;
    known.set(word, place);
    return place;
  });
  return { kind: "words", name, words: [...known.keys()], places };
}

/**
 * The table in a text with commas, semicolons, tabs or blanks between. A first line is a header when
 * none of its fields is a number. Throws `InputError` naming the line where rows differ in length.
 */
export function readTextTable(text: string): Table {
  const lines = [...readLines(text)];
  const [first] = lines;
  if (!first) throw new InputError("expected a table with a row for each code, got an empty file");
  const numberIn = (field: string): number | undefined => toNumber(field, first.separator);
  const hasHeader = first.fields.every((field) => numberIn(field) === undefined);
  const body = hasHeader ? lines.slice(1) : lines;
  if (body.length === 0)
    throw new InputError("expected a row for each code below the header, got none");
  const width = first.fields.length;
  for (const { number, fields } of body)
    if (fields.length !== width)
      throw new InputError(
        `line ${number}: expected ${width} columns as in the first line, got ${fields.length}`,
      );
  return {
    rows: body.length,
    columns: first.fields.map((title, k) => {
      const fields = body.map((line) => line.fields[k] || null);
      const numbers = fields.map((field) => (field === null ? null : numberIn(field)));
      const name = (hasHeader && title) || `column ${k + 1}`;
      // All or none: among words, 007 is no 7.
      return columnOf(name, numbers.includes(undefined) ? fields : (numbers as (number | null)[]));
    }),
  };
}

/**
 * The codes in a table, [n, d], and the columns beside them. Codes are the columns z1 to zd (or from
 * z0 on; `latent`, `code`, `dim` do as well), a list of d numbers a row, or else the first d columns.
 * Throws `InputError` naming row and column where a code is not a finite number.
 */
export function codesOf(
  { rows, columns }: Table,
  d: number,
): { readonly latents: Float32Array; readonly columns: readonly Column[] } {
  if (columns.length < d)
    throw new InputError(
      `expected ${d} columns of codes or more, as the decoder takes, got ${columns.length}`,
    );
  const codes = namedCodes(columns, d) ?? columns.slice(0, d);
  const latents = new Float32Array(rows * d);
  codes.forEach((column, k) => {
    for (let row = 0; row < rows; row++) {
      const value = column.kind === "numbers" ? (column.values[row] as number) : Number.NaN;
      if (!Number.isFinite(Math.fround(value)))
        throw new InputError(
          `row ${row + 1}, column ${columns.indexOf(column) + 1} (${column.name}): expected a finite number, got ${said(column, row)}`,
        );
      latents[row * d + k] = value;
    }
  });
  return { latents, columns: columns.filter((column) => !codes.includes(column)) };
}

/** Columns of codes by their names, in the order of their numbers; the first family that has just d. */
function namedCodes(columns: readonly Column[], d: number): readonly Column[] | null {
  const families = new Map<string, Map<number, Column>>();
  for (const column of columns) {
    const [, family, index] =
      /^(z|latent|code|dim)[ _-]?(\d+)$/i.exec(column.name) ??
      /^(.*)\[(\d+)\]$/.exec(column.name) ??
      [];
    if (family === undefined) continue;
    const members = families.get(family) ?? new Map<number, Column>();
    families.set(family, members.set(Number(index), column));
  }
  for (const members of families.values()) {
    const order = [...members.keys()].sort((a, b) => a - b);
    const isRun = order.every((index, i) => index === (order[0] as number) + i);
    if (order.length === d && isRun && (order[0] as number) <= 1)
      return order.map((index) => members.get(index) as Column);
  }
  return null;
}

function said(column: Column, row: number): string {
  if (column.kind === "numbers") {
    const value = column.values[row] as number;
    return Number.isNaN(value) ? "nothing or NaN" : String(value);
  }
  const place = column.places[row] as number;
  return place < 0 ? "nothing" : JSON.stringify((column.words[place] as string).slice(0, 40));
}
