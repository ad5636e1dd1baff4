/**
 * @file Limits of joints as text: a line for each joint, with what it may reach and how fast.
 *
 *     joint,lower,upper,velocity
 *     A1,-2.7053,2.7053,2.69
 *     A2,-3.1416,,2.69
 *
 * Units are those of the data, and of the data a second. Columns may come in any order; `lower`,
 * `upper` and `velocity` may be left out, and single fields of them left empty.
 */
import { InputError } from "../array/errors.ts";
import type { Line } from "./csv.ts";
import { readLines, toNumber } from "./csv.ts";

/** Limits of all D columns of an observation; infinite where there is none. */
export interface Limits {
  readonly names: readonly string[];
  /** [D] */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Greatest speed in either direction, [D]; for all columns or for none. */
  readonly velocity?: Float64Array;
}

const columns = ["joint", "lower", "upper", "velocity"] as const;
type Column = (typeof columns)[number];

/**
 * The limits in a text, for observations whose columns have these names; a joint is called by its
 * name or its number, from 1. Joints that are not in the text have no limits.
 * Throws `InputError` with the line: a joint that is none or comes twice, a field that is no number,
 * limits that leave nothing between them, velocities for some of the joints only.
 */
export function readLimits(text: string, names: readonly string[]): Limits {
  const lower = new Float64Array(names.length).fill(Number.NEGATIVE_INFINITY);
  const upper = new Float64Array(names.length).fill(Number.POSITIVE_INFINITY);
  const velocity = new Float64Array(names.length).fill(Number.POSITIVE_INFINITY);
  const seen = new Map<number, number>();
  let header: ReadonlyMap<Column, number> | undefined;
  for (const line of readLines(text)) {
    if (!header) {
      header = headerOf(line);
      continue;
    }
    const { number } = line;
    const joint = jointOf(line, header, names);
    if (seen.has(joint))
      throw new InputError(
        `limits: line ${number}: expected each joint once, got ${names[joint]} of line ${seen.get(joint)} again`,
      );
    seen.set(joint, number);
    lower[joint] = numberIn(line, header.get("lower")) ?? Number.NEGATIVE_INFINITY;
    upper[joint] = numberIn(line, header.get("upper")) ?? Number.POSITIVE_INFINITY;
    velocity[joint] = numberIn(line, header.get("velocity")) ?? Number.POSITIVE_INFINITY;
    if (!((lower[joint] as number) <= (upper[joint] as number)))
      throw new InputError(
        `limits: line ${number}: expected lower <= upper, got ${lower[joint]} and ${upper[joint]}`,
      );
    if (!((velocity[joint] as number) > 0))
      throw new InputError(
        `limits: line ${number}: expected a velocity above 0, got ${velocity[joint]}`,
      );
  }
  if (seen.size === 0)
    throw new InputError(`limits: expected a header and a line for each joint, got no joint`);
  const limited = velocity.filter((speed) => speed < Number.POSITIVE_INFINITY).length;
  if (limited === 0) return { names, lower, upper };
  if (limited < names.length) {
    const without = names.filter((_, k) => velocity[k] === Number.POSITIVE_INFINITY);
    throw new InputError(
      `limits: expected a velocity for every joint or for none, got none for ${without.slice(0, 3).join(", ")}: it would move in no time`,
    );
  }
  return { names, lower, upper, velocity };
}

function headerOf({ fields, number }: Line): Map<Column, number> {
  const header = new Map<Column, number>();
  for (const [at, field] of fields.entries()) {
    const column = columns.find((name) => name === field.toLowerCase());
    if (!column || header.has(column))
      throw new InputError(
        `limits: line ${number}: expected a header of ${columns.join(", ")}, got ${JSON.stringify(field.slice(0, 40))}`,
      );
    header.set(column, at);
  }
  if (!header.has("joint"))
    throw new InputError(
      `limits: line ${number}: expected a column joint, got ${fields.join(", ")}`,
    );
  return header;
}

/** Index of the joint of a line: by name, otherwise by number. */
function jointOf(
  { fields, number }: Line,
  header: ReadonlyMap<Column, number>,
  names: readonly string[],
): number {
  if (fields.length !== header.size)
    throw new InputError(
      `limits: line ${number}: expected ${header.size} columns, got ${fields.length}`,
    );
  const said = fields[header.get("joint") as number] as string;
  const named = names.indexOf(said);
  const at = named >= 0 ? named : /^\d+$/.test(said) ? Number(said) - 1 : -1;
  if (at < 0 || at >= names.length) {
    const shown = names.length > 12 ? `${names.slice(0, 12).join(", ")}, …` : names.join(", ");
    throw new InputError(
      `limits: line ${number}: expected one of ${shown} or a number of 1 to ${names.length}, got ${JSON.stringify(said.slice(0, 40))}`,
    );
  }
  return at;
}

/** Undefined for a field that is empty or not there. */
function numberIn({ fields, number, separator }: Line, at: number | undefined): number | undefined {
  const field = at === undefined ? "" : (fields[at] as string);
  if (field === "") return undefined;
  const value = toNumber(field, separator);
  if (value === undefined || Number.isNaN(value))
    throw new InputError(
      `limits: line ${number}, column ${(at as number) + 1}: expected a number or nothing, got ${JSON.stringify(field.slice(0, 40))}`,
    );
  return value;
}
