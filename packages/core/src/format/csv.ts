/**
 * @file Tables of numbers as text: an optional header, comma, semicolon, tab or blanks between.
 *
 * Quotes are as in RFC 4180, of a field on one line. Where the semicolon separates, a decimal comma
 * is read too. Left out: fields that span lines, thousands separators, dates.
 */
import { InputError } from "../array/errors.ts";
import type { Tensor } from "../array/tensor.ts";
import { tensor } from "../array/tensor.ts";

export interface Table {
  /** Names of the columns where the text has them. */
  readonly header?: readonly string[];
  /** [rows, columns] */
  readonly values: Tensor<"float64">;
}

type Separator = "," | ";" | "\t" | " ";

/** A line cut into its fields, without quotes around them. */
export interface Line {
  /** Counted from 1. */
  readonly number: number;
  readonly fields: readonly string[];
  readonly separator: Separator;
}

/** Lines one after another, blank ones and comments left out; the first shows the separator. */
export function* readLines(text: string): Generator<Line> {
  let separator: Separator | undefined;
  for (const [i, line] of text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\n|\r/)
    .entries()) {
    if (!isFilled(line)) continue;
    separator ??= separatorOf(line);
    yield { number: i + 1, fields: fieldsOf(line, separator, i + 1), separator };
  }
}

/**
 * The table in a text. A first line is a header when none of its fields is a number, so that a slip
 * in a first row of numbers is found. NaN and infinities are read as such (`nan`, `inf`); an empty
 * field is an error.
 * Throws `InputError` with line and column, both counted from 1.
 */
export function readCsv(text: string): Table {
  let header: readonly string[] | undefined;
  let columns: number | undefined;
  const values: number[] = [];
  for (const { number, fields, separator } of readLines(text)) {
    if (columns === undefined) {
      columns = fields.length;
      if (fields.every((field) => toNumber(field, separator) === undefined)) {
        header = fields;
        continue;
      }
    }
    if (fields.length !== columns)
      throw new InputError(
        `csv: line ${number}: expected ${columns} columns, got ${fields.length}`,
      );
    for (const [column, field] of fields.entries()) {
      const value = toNumber(field, separator);
      if (value === undefined)
        throw new InputError(
          `csv: line ${number}, column ${column + 1}: expected a number, got ${JSON.stringify(field.slice(0, 40))}`,
        );
      values.push(value);
    }
  }
  if (columns === undefined)
    throw new InputError("csv: expected a table of numbers, got an empty file");
  if (values.length === 0)
    throw new InputError("csv: expected rows of numbers below the header, got none");
  const table = tensor("float64", [values.length / columns, columns], Float64Array.from(values));
  return header ? { header, values: table } : { values: table };
}

/** Numbers as comma-separated text; the shortest text that reads back as the same number. */
export function writeCsv(rows: Iterable<ArrayLike<number>>, header?: readonly string[]): string {
  const quoted = header?.map((name) =>
    /[",;\s]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name,
  );
  const lines = quoted ? [quoted.join(",")] : [];
  for (const row of rows) lines.push(Array.from(row, String).join(","));
  return `${lines.join("\n")}\n`;
}

/** Neither blank nor a comment, as `numpy.savetxt` writes its header. */
const isFilled = (line: string): boolean => line.trim() !== "" && !line.trimStart().startsWith("#");

/** The rarer the separator is inside numbers, the sooner it is believed. */
function separatorOf(line: string): Separator {
  const bare = line.replace(/"[^"]*"/g, "");
  return (["\t", ";", ","] as const).find((separator) => bare.includes(separator)) ?? " ";
}

/** The number in a field, with a decimal comma between semicolons; undefined where it is none. */
export function toNumber(field: string, separator: Separator): number | undefined {
  const text = separator === ";" ? field.replace(",", ".") : field;
  if (/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text);
  const [, sign, word] = /^([+-]?)(nan|inf|infinity)$/i.exec(text) ?? [];
  if (!word) return undefined;
  if (word.toLowerCase() === "nan") return Number.NaN;
  return sign === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function fieldsOf(line: string, separator: Separator, number: number): string[] {
  if (!line.includes('"'))
    return separator === " "
      ? line.trim().split(/\s+/)
      : line.split(separator).map((field) => field.trim());
  const found: string[] = [];
  const isSeparator = (char: string): boolean =>
    separator === " " ? /\s/.test(char) : char === separator;
  let at = 0;
  for (;;) {
    while (/[ \t]/.test(line[at] ?? "") && line[at] !== separator) at++;
    if (line[at] === '"') {
      const quote = /"([^"]*(?:""[^"]*)*)"/y;
      quote.lastIndex = at;
      const [whole, inside = ""] = quote.exec(line) ?? [];
      if (whole === undefined)
        throw new InputError(`csv: line ${number}, column ${found.length + 1}: unclosed quote`);
      found.push(inside.replaceAll('""', '"').trim());
      at += whole.length;
      while (at < line.length && !isSeparator(line[at] as string)) {
        if ((line[at] as string).trim() !== "")
          throw new InputError(
            `csv: line ${number}, column ${found.length}: expected a separator after the quote, got ${JSON.stringify(line[at])}`,
          );
        at++;
      }
    } else {
      const begin = at;
      while (at < line.length && !isSeparator(line[at] as string)) at++;
      found.push(line.slice(begin, at).trim());
    }
    if (at >= line.length) return found;
    at++;
    if (separator === " " && line.slice(at).trim() === "") return found;
  }
}
