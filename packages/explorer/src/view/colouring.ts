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
