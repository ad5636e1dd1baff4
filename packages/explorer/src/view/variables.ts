/** @file What is known of every code: its class, its value, the columns of a table; one kind of thing. */
import { categorical } from "pullback-core";
import type { About } from "../work/session.ts";
import type { Column } from "../work/table.ts";

interface Common {
  readonly name: string;
  /** What it says of a code; empty where nothing is known. */
  say(code: number): string;
}

/** One of a few names a code. */
export interface ClassVariable extends Common {
  readonly kind: "classes";
  readonly entries: readonly { readonly name: string; readonly colour: string }[];
  /** Index of each code's entry, [n]. */
  readonly entryOf: Int32Array;
}

/** A number a code. */
export interface ValueVariable extends Common {
  readonly kind: "values";
  /** [n], NaN where nothing is known. */
  readonly values: Float64Array;
  /** The least and the greatest of them. */
  readonly low: number;
  readonly high: number;
  readonly unit: string;
  /** Where the value wraps around. */
  readonly period?: number;
}

/** Words too many to be classes: read and searched only. */
export interface WordVariable extends Common {
  readonly kind: "words";
}

export type Variable = ClassVariable | ValueVariable | WordVariable;

/** More classes than that no eye tells apart. */
const mostClasses = 12;
export const unknownColour = "#a0a4a8";

/** All that is known, the most telling first; names are told apart. */
export function variables({ description, labels, values, columns }: About): Variable[] {
  const found: Variable[] = [];
  if (labels) found.push(numberedClasses("class", labels, description.labelNames));
  if (values) {
    const { name = "value", unit = "", period } = description.value ?? {};
    found.push(valueVariable(name, values, unit, period));
  }
  for (const column of columns) found.push(ofColumn(column));
  const taken = new Set<string>();
  return found.map((variable) => {
    let { name } = variable;
    for (let i = 2; taken.has(name); i++) name = `${variable.name} (${i})`;
    taken.add(name);
    return { ...variable, name };
  });
}

function ofColumn(column: Column): Variable {
  if (column.kind === "words") return wordVariable(column.name, column.words, column.places);
  return areFewWholeNumbers(column.values)
    ? numberedClasses(column.name, column.values)
    : valueVariable(column.name, column.values, "");
}

function areFewWholeNumbers(values: Float64Array): boolean {
  const seen = new Set<number>();
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    if (!Number.isInteger(value)) return false;
    seen.add(value);
    if (seen.size > mostClasses) return false;
  }
  return seen.size > 0;
}

function numberedClasses(
  name: string,
  labels: Int32Array | Float64Array,
  names?: readonly string[],
): ClassVariable {
  const present = [...new Set<number>(labels)].sort((a, b) => a - b);
  const index = new Map(present.map((value, i) => [value, i]));
  const entries = present.map((value) =>
    Number.isNaN(value)
      ? { name: "unknown", colour: unknownColour }
      : { name: names?.[value] ?? String(value), colour: categorical(Math.abs(value)) },
  );
  const entryOf = Int32Array.from(labels, (value) => index.get(value) as number);
  const say = (code: number): string =>
    Number.isNaN(labels[code]) ? "" : (entries[entryOf[code] as number]?.name ?? "");
  return { kind: "classes", name, entries, entryOf, say };
}

/** The most frequent words are classes, the rest one more; none stands out where most are rare. */
function wordVariable(name: string, words: readonly string[], places: Int32Array): Variable {
  const say = (code: number): string => words[places[code] as number] ?? "";
  const counts = new Float64Array(words.length);
  let known = 0;
  for (const place of places)
    if (place >= 0) {
      counts[place] = (counts[place] as number) + 1;
      known++;
    }
  const ranked = words
    .map((_, place) => place)
    .sort((a, b) => (counts[b] as number) - (counts[a] as number) || a - b);
  const own = words.length > mostClasses ? ranked.slice(0, mostClasses - 2) : ranked;
  const covered = own.reduce((sum, place) => sum + (counts[place] as number), 0);
  if (covered < known / 2 || words.length === known) return { kind: "words", name, say };
  const entries = own.map((place, i) => ({ name: words[place] as string, colour: categorical(i) }));
  const rest = words.length - own.length;
  if (rest > 0) entries.push({ name: `${rest} others`, colour: unknownColour });
  if (known < places.length) entries.push({ name: "unknown", colour: unknownColour });
  const entry = new Map(own.map((place, i) => [place, i]));
  const entryOf = places.map((place) =>
    place < 0 ? entries.length - 1 : (entry.get(place) ?? own.length),
  );
  return { kind: "classes", name, entries, entryOf, say };
}

function valueVariable(
  name: string,
  values: Float64Array,
  unit: string,
  period?: number,
): ValueVariable {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) [low, high] = [0, 0];
  const say = (code: number): string => {
    const value = values[code] as number;
    return Number.isNaN(value) ? "" : `${Number(value.toPrecision(4))}${unit}`;
  };
  return { kind: "values", name, values, low, high, unit, period, say };
}
