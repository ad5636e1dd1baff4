/**
 * @file Options of the command line: how each is written, what it may be, what it becomes.
 *
 * An option carries the valibot schema of its text, so flag, help, check and type are one thing.
 */
import * as v from "valibot";

/** A schema from what the command line gives: text, true for a flag, a list where it repeats. */
export type OptionSchema = v.GenericSchema<string | boolean | string[] | undefined, unknown>;

export interface Option<S extends OptionSchema = OptionSchema> {
  readonly summary: string;
  readonly schema: S;
  /** Placeholder in the help, such as `FILE`; a flag has none. */
  readonly value?: string;
  /** May be given several times; the schema gets the list. */
  readonly repeats?: boolean;
}

/** By the name in camel case: `gridSize` is written `--grid-size`. */
export type Options = Readonly<Record<string, Option>>;

export type Values<O extends Options> = {
  readonly [Name in keyof O]: v.InferOutput<O[Name]["schema"]>;
};

/**
 * An option with a value. It must be given unless its schema is `v.optional(…)`, whose default is
 * text as one would write it: `option("N", "random seed", v.optional(wholeNumber(0), "1"))`.
 */
export function option<S extends OptionSchema>(
  value: string,
  summary: string,
  schema: S,
): Option<S> {
  return { value, summary, schema };
}

/** An option without a value: true where it is given. */
export function flag(summary: string) {
  return { summary, schema: v.optional(v.boolean(), false) };
}

/** A positional argument; optional where its schema is. */
export function argument<S extends OptionSchema>(summary: string, schema: S): Option<S> {
  return { summary, schema };
}

/** Text that `parse` turns into a value; undefined where it is not what was `expected`. */
export function parsed<T>(expected: string, parse: (text: string) => T | undefined) {
  return v.pipe(
    v.string(),
    v.rawTransform<string, T>(({ dataset, addIssue, NEVER }) => {
      const value = parse(dataset.value);
      if (value !== undefined) return value;
      addIssue({ message: expected });
      return NEVER;
    }),
  );
}

const toNumber = (text: string): number => (text.trim() === "" ? Number.NaN : Number(text));

export const text = v.pipe(v.string(), v.nonEmpty("some text"));

/** The path of a file or folder. */
export const path = v.pipe(v.string(), v.nonEmpty("a path"));

export const oneOf = <const Names extends readonly string[]>(names: Names) =>
  v.picklist(names, `one of ${names.join(", ")}`);

export const wholeNumber = (atLeast = 1) =>
  parsed(`a whole number of at least ${atLeast}`, (text) => {
    const value = toNumber(text);
    return Number.isSafeInteger(value) && value >= atLeast ? value : undefined;
  });

/** A finite number; above zero with `positive`. */
export const number = ({ positive = false } = {}) =>
  parsed(positive ? "a number above 0" : "a number", (text) => {
    const value = toNumber(text);
    return Number.isFinite(value) && (!positive || value > 0) ? value : undefined;
  });

/** Numbers with commas between them; exactly `count` of them where that is given. */
export const numbers = (count?: number) =>
  parsed(`${count ?? "some"} numbers with commas between them`, (text) => {
    const values = text.split(",").map(toNumber);
    const fits = count === undefined || values.length === count;
    return fits && values.every(Number.isFinite) ? values : undefined;
  });

const setting = parsed("INPUT=VALUE, the value a number or several with commas", (text) => {
  const [, name, list] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  const values = list?.split(",").map(toNumber);
  return name && values?.every(Number.isFinite) ? ([name, values] as const) : undefined;
});

/** What every command takes, with one meaning everywhere. */
export const common = {
  seed: option("N", "seed of everything random", v.optional(wholeNumber(0), "1")),
  device: option("NAME", "where graphs run: cpu, webgpu, …", v.optional(text, "cpu")),
  threads: option("N", "threads of one operator (default: all cores)", v.optional(wholeNumber())),
  set: {
    ...option(
      "INPUT=VALUE",
      "fix an extra input of the decoder",
      v.pipe(
        v.optional(v.array(setting), []),
        v.transform((settings): Readonly<Record<string, number[]>> => Object.fromEntries(settings)),
      ),
    ),
    repeats: true,
  },
  overwrite: flag("replace outputs that exist"),
  json: flag("print one JSON object on standard output"),
} satisfies Options;

export type CommonValues = Values<typeof common>;
