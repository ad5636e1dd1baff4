/**
 * @file Parquet as a table, through hyparquet; loaded only when somebody opens such a file.
 *
 * Lists of numbers become a column an entry, `name[0]` on. Dates and truth values are words; what is
 * nested deeper is shown as JSON. Left out: encrypted files, columns of bare bytes.
 */
import { InputError } from "pullback-core";
import type { Table } from "./table.ts";
import { columnOf } from "./table.ts";

const begin = "PAR1";

/** Throws `InputError` where the bytes are no Parquet file, are cut off, or are packed in an unknown way. */
export async function readParquet(bytes: Uint8Array): Promise<Table> {
  const magic = (from: number): string =>
    String.fromCharCode(...bytes.subarray(from, from + begin.length));
  if (bytes.length < 12 || magic(0) !== begin)
    throw new InputError(`expected a Parquet file, which begins with ${begin}, got something else`);
  if (magic(bytes.length - begin.length) !== begin)
    throw new InputError(
      `expected ${begin} at the end of the Parquet file, got something else: the file is cut off`,
    );
  const [{ parquetReadObjects }, { compressors }] = await Promise.all([
    import("hyparquet"),
    import("hyparquet-compressors"),
  ]);
  const file = bytes.slice().buffer;
  let rows: readonly Record<string, unknown>[];
  try {
    rows = await parquetReadObjects({ file, compressors });
  } catch (error) {
    throw new InputError(
      `cannot read it as Parquet: ${error instanceof Error ? error.message : error}`,
      { cause: error },
    );
  }
  if (rows.length === 0)
    throw new InputError("expected a table with a row for each code, got no rows");
  const names = Object.keys(rows[0] as object);
  return {
    rows: rows.length,
    columns: names.flatMap((name) => {
      const cells = rows.map((row) => row[name]);
      if (cells.some((cell) => cell instanceof Uint8Array)) return [];
      const width = listWidth(cells);
      if (width === 0) return [columnOf(name, cells.map(fieldOf))];
      return Array.from({ length: width }, (_, k) =>
        columnOf(
          `${name}[${k}]`,
          cells.map((cell) => fieldOf((cell as ArrayLike<unknown> | null)?.[k])),
        ),
      );
    }),
  };
}

/** Numbers in each row's list where all rows have lists of numbers of one length, otherwise 0. */
function listWidth(cells: readonly unknown[]): number {
  let width = 0;
  for (const cell of cells) {
    if (cell === null || cell === undefined) continue;
    if (!isList(cell) || !Array.from(cell).every(isNumber)) return 0;
    if (width !== 0 && cell.length !== width) return 0;
    width = cell.length;
  }
  return width;
}

type Field = number | string | null;

const isNumber = (value: unknown): value is number | bigint =>
  typeof value === "number" || typeof value === "bigint";
const isList = (cell: unknown): cell is ArrayLike<unknown> =>
  Array.isArray(cell) || (ArrayBuffer.isView(cell) && !(cell instanceof DataView));

function fieldOf(cell: unknown): Field {
  if (cell === null || cell === undefined) return null;
  if (isNumber(cell)) return Number(cell);
  if (typeof cell === "string") return cell;
  if (cell instanceof Date) return dateOf(cell);
  if (typeof cell === "object") return JSON.stringify(cell, asText);
  return String(cell);
}

/** The day alone where the time is midnight, as a column of dates has it. */
function dateOf(date: Date): Field {
  if (Number.isNaN(date.getTime())) return null;
  return date.toISOString().replace(/T00:00:00\.000Z$/, "");
}

const asText = (_: string, value: unknown): unknown =>
  typeof value === "bigint" ? String(value) : value;
