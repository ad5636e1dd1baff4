/** @file What colours the data: a class, a value, a column of a table, or nothing; and its legend. */
import { categorical, cyclic, sequential } from "pullback-core";
import type { About } from "../work/session.ts";

export type Legend =
  | { readonly kind: "none" }
  | {
      readonly kind: "classes";
      readonly entries: readonly {
        readonly value: number;
        readonly name: string;
        readonly colour: string;
      }[];
    }
  | {
      readonly kind: "range";
      readonly low: number;
      readonly high: number;
      readonly unit: string;
      readonly scale: (share: number) => string;
    }
  | {
      readonly kind: "ring";
      readonly period: number;
      readonly unit: string;
      readonly scale: (share: number) => string;
    };

export interface Colouring {
  readonly name: string;
  readonly legend: Legend;
  /** [n, 3] */
  readonly colours: Uint8Array;
  /** What the tooltip says of a point. */
  say(point: number): string;
  /** Number of each point, [n], for filters. */
  readonly numbers?: ArrayLike<number>;
}

/** All that the data can be coloured by, the most telling first. */
export function colourings({ description, latents, labels, values, columns }: About): Colouring[] {
  const n = latents.length / description.latentDimension;
  const found: Colouring[] = [];
  if (labels) found.push(byClass("class", labels, description.labelNames));
  if (values)
    found.push(
      byValue(
        description.value?.name ?? "value",
        values,
        description.value?.unit ?? "",
        description.value?.period,
      ),
    );
  for (const { name, values: numbers } of columns)
    found.push(fewWholeNumbers(numbers) ? byClass(name, numbers) : byValue(name, numbers, ""));
  if (n > 0) found.push(plain(n));
  return found;
}

const mostClasses = 12;

function fewWholeNumbers(values: ArrayLike<number>): boolean {
  const seen = new Set<number>();
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isInteger(value)) return false;
    seen.add(value);
    if (seen.size > mostClasses) return false;
  }
  return true;
}

function byClass(name: string, labels: ArrayLike<number>, names?: readonly string[]): Colouring {
  const present = [...new Set(Array.from(labels))].sort((a, b) => a - b);
  const nameOf = (value: number): string => names?.[value] ?? String(value);
  return {
    name,
    numbers: labels,
    legend: {
      kind: "classes",
      entries: present.map((value) => ({
        value,
        name: nameOf(value),
        colour: categorical(Math.abs(value)),
      })),
    },
    colours: painted(labels.length, (i) => categorical(Math.abs(labels[i] as number))),
    say: (point) => `${name} ${nameOf(labels[point] as number)}`,
  };
}

function byValue(
  name: string,
  values: ArrayLike<number>,
  unit: string,
  period?: number,
): Colouring {
  const say = (point: number): string =>
    `${name} ${Number((values[point] as number).toPrecision(4))}${unit}`;
  if (period)
    return {
      name,
      numbers: values,
      legend: { kind: "ring", period, unit, scale: cyclic },
      colours: painted(values.length, (i) => {
        const turn = (values[i] as number) / period;
        return cyclic(turn - Math.floor(turn));
      }),
      say,
    };
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const width = high - low || 1;
  return {
    name,
    numbers: values,
    legend: { kind: "range", low, high, unit, scale: sequential },
    colours: painted(values.length, (i) => sequential(((values[i] as number) - low) / width)),
    say,
  };
}

function plain(n: number): Colouring {
  return {
    name: "nothing",
    legend: { kind: "none" },
    colours: painted(n, () => "#4477aa"),
    say: () => "",
  };
}

/** Colours by name, as bytes; each name is read once. */
function painted(n: number, colour: (i: number) => string): Uint8Array {
  const known = new Map<string, readonly [number, number, number]>();
  const bytes = new Uint8Array(n * 3);
  for (let i = 0; i < n; i++) {
    const name = colour(i);
    let rgb = known.get(name);
    if (!rgb) {
      const number = Number.parseInt(name.slice(1), 16);
      rgb = [number >> 16, (number >> 8) & 255, number & 255];
      known.set(name, rgb);
    }
    bytes.set(rgb, i * 3);
  }
  return bytes;
}
