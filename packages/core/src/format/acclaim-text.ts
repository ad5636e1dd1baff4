/**
 * @file What the two Acclaim formats share: lines of words, comments, numbers, three of them as a
 * vector, and errors that name the line.
 */
import { InputError } from "../array/errors.ts";

export interface Line {
  /** Counted from 1. */
  readonly number: number;
  /** One or more. */
  readonly words: readonly string[];
}

export type Triple = readonly [number, number, number];

/** The lines that say something: neither blank nor a comment (`# …`). */
export function linesOf(text: string): Line[] {
  return text
    .split(/\r\n|\n|\r/)
    .map((line, i) => ({ number: i + 1, words: line.trim().split(/\s+/) }))
    .filter(({ words: [first] }) => first !== "" && !first?.startsWith("#"));
}

/** A number as the formats write them; NaN for whatever is none, so that it fits nowhere. */
export function numberIn(word: string | undefined): number {
  return /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(word ?? "") ? Number(word) : Number.NaN;
}

/** The words after the first `skip`, as three finite numbers. */
export function tripleIn(format: string, { number, words }: Line, skip = 1): Triple {
  const numbers = words.slice(skip, skip + 3).map(numberIn);
  if (numbers.length < 3 || !numbers.every(Number.isFinite))
    throw wrong(format, number, `three numbers after ${words[0]}`, words.slice(skip).join(" "));
  return numbers as unknown as Triple;
}

/** The one number after the first word. */
export function singleIn(format: string, { number, words }: Line): number {
  const value = numberIn(words[1]);
  if (!Number.isFinite(value))
    throw wrong(format, number, `a number after ${words[0]}`, words.slice(1).join(" "));
  return value;
}

/** `asf: line 12: expected three numbers after axis, got 0 0`. */
export function wrong(format: string, line: number, expected: string, got: string): InputError {
  const shown = got.length > 60 ? `${got.slice(0, 60)}…` : got;
  return new InputError(`${format}: line ${line}: expected ${expected}, got ${shown || "nothing"}`);
}
