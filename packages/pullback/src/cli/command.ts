/**
 * @file What a command is: its name, arguments, options, and what it does with them.
 *
 * A command has no standard output of its own. It returns its report, and `main` prints either the
 * text or the JSON, so `--json` cannot be spoilt by a stray line.
 */
import { InputError } from "pullback-core";
import * as v from "valibot";
import type { CommonValues, Options, Values } from "./options.ts";
import { common } from "./options.ts";
import type { Progress, ProgressOptions } from "./progress.ts";

/** A command line that cannot be understood: exit status 2. */
export class UsageError extends InputError {}

/** What a command has to say in the end. */
export interface Report {
  /** For people: usually one or two lines. */
  readonly text: string;
  /** For `--json`: the same facts, and more. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** What a command gets from the terminal it runs in. */
export interface Terminal {
  /** Aborted by Ctrl-C: stop soon, leave nothing half-written. */
  readonly signal: AbortSignal;
  /** Starts to show how far something is, on standard error. */
  progress(options: ProgressOptions): Progress;
  /** A line on standard error: a warning, a hint. */
  note(line: string): void;
}

export interface Context<A extends Options, O extends Options> extends Terminal {
  readonly arguments: Values<A>;
  readonly options: Values<O> & CommonValues;
}

export interface Definition<A extends Options, O extends Options> {
  readonly name: string;
  readonly summary: string;
  /** Positional, in this order; optional ones last. */
  readonly arguments: A;
  /** Beside the common ones. */
  readonly options: O;
  run(context: Context<A, O>): Promise<Report>;
}

/** A command with its types forgotten: what `main` needs of it. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly arguments: Options;
  readonly options: Options;
  run(given: Given, terminal: Terminal): Promise<Report>;
}

/** What was written on the command line, before it is checked. */
export interface Given {
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Declares a command. Its `run` is only called with arguments and options that passed. */
export function command<A extends Options, O extends Options>(
  definition: Definition<A, O>,
): Command {
  const options = { ...definition.options, ...common };
  return {
    name: definition.name,
    summary: definition.summary,
    arguments: definition.arguments,
    options,
    async run(given, terminal) {
      return definition.run({
        ...terminal,
        arguments: checked(definition.arguments, given.arguments, (name) => `<${name}>`),
        options: checked(options, given.options, written) as Values<O> & CommonValues,
      });
    },
  };
}

/** How the option `name` is written: `gridSize` is `--grid-size`. */
export function written(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Whether an option may be left out. */
export function isOptional({ schema }: Options[string]): boolean {
  return v.safeParse(schema, undefined).success;
}

function checked<O extends Options>(
  options: O,
  given: Readonly<Record<string, unknown>>,
  naming: (name: string) => string,
): Values<O> {
  const entries = Object.entries(options).map(([name, { schema }]) => [name, schema] as const);
  const result = v.safeParse(v.object(Object.fromEntries(entries)), given);
  if (result.success) return result.output as Values<O>;
  const [issue] = result.issues;
  const name = String(issue.path?.[0]?.key);
  const got = issue.input === undefined ? "nothing" : JSON.stringify(issue.input);
  throw new UsageError(`${naming(name)}: expected ${issue.message}, got ${got}`);
}
