/** @file What colours the data: something that is known of it, or nothing; and its legend. */
import { cyclic, sequential } from "pullback-core";
import type { ClassVariable, ValueVariable, Variable } from "./variables.ts";
import { unknownColour } from "./variables.ts";

export interface Colouring {
  /** Name of the variable, or `nothing`. */
  readonly name: string;
  readonly variable: ClassVariable | ValueVariable | null;
  /** Colour at a share from 0 to 1 of the range of values, or of a turn where they wrap around. */
  readonly scale: (share: number) => string;
  /** [n, 3] */
  readonly colours: Uint8Array;
}

/** All that n codes can be coloured by, the most telling first, nothing last. */
export function colourings(variables: readonly Variable[], n: number): Colouring[] {
  const found = variables.flatMap((variable): Colouring[] =>
    variable.kind === "classes"
      ? [byClass(variable)]
      : variable.kind === "values"
        ? [byValue(variable)]
        : [],
  );
  return n > 0 ? [...found, plain(n)] : found;
}

function byClass(variable: ClassVariable): Colouring {
  const { name, entries, entryOf } = variable;
  const colour = (i: number): string => entries[entryOf[i] as number]?.colour ?? unknownColour;
  return { name, variable, scale: sequential, colours: painted(entryOf.length, colour) };
}

function byValue(variable: ValueVariable): Colouring {
  const { name, values, low, high, period } = variable;
  const width = high - low || 1;
  const share = (value: number): number =>
    period ? value / period - Math.floor(value / period) : (value - low) / width;
  const scale = period ? cyclic : sequential;
  const colours = painted(values.length, (i) => {
    const value = values[i] as number;
    return Number.isFinite(value) ? scale(share(value)) : unknownColour;
  });
  return { name, variable, scale, colours };
}

function plain(n: number): Colouring {
  const colours = painted(n, () => "#4477aa");
  return { name: "nothing", variable: null, scale: sequential, colours };
}

/** Class colours that are too dark on a dark map, and what stands for them there: the same hue, lighter. */
const lighter: ReadonlyMap<string, string> = new Map([
  ["#332288", "#8c83ee"],
  ["#117733", "#3fae66"],
  ["#882255", "#c9528c"],
  ["#444444", "#f1f0ec"],
]);

/** A colour as it is seen on a dark map. */
export const onDark = (colour: string): string => lighter.get(colour) ?? colour;

/** Colours [n, 3] as they are seen on a dark map. */
export function allOnDark(colours: Uint8Array): Uint8Array {
  const lit = colours.slice();
  const by = new Map([...lighter].map(([from, to]) => [packed(from), bytesOf(to)]));
  for (let i = 0; i < lit.length; i += 3) {
    const rgb = by.get(
      ((lit[i] as number) << 16) | ((lit[i + 1] as number) << 8) | (lit[i + 2] as number),
    );
    if (rgb) lit.set(rgb, i);
  }
  return lit;
}

/** `#rrggbb` as one number. */
const packed = (colour: string): number => Number.parseInt(colour.slice(1), 16);

function bytesOf(colour: string): readonly [number, number, number] {
  const number = packed(colour);
  return [number >> 16, (number >> 8) & 255, number & 255];
}

/** Colours by name, as bytes; each name is read once. */
function painted(n: number, colour: (i: number) => string): Uint8Array {
  const known = new Map<string, readonly [number, number, number]>();
  const bytes = new Uint8Array(n * 3);
  for (let i = 0; i < n; i++) {
    const name = colour(i);
    let rgb = known.get(name);
    if (!rgb) {
      rgb = bytesOf(name);
      known.set(name, rgb);
    }
    bytes.set(rgb, i * 3);
  }
  return bytes;
}
