/** @file `--start`: first guesses by name, and earlier curves from a result file. */
import type { Start } from "pullback-core";
import {
  bezierStart,
  frontStart,
  GeodesicsResult,
  graphStart,
  gridStart,
  InputError,
  previousStart,
  straight,
} from "pullback-core";
import * as v from "valibot";
import { readBytes } from "../files/read.ts";
import { UsageError } from "./command.ts";

/** But `previous`, which needs curves. */
const starts = {
  auto: () => undefined,
  straight: () => [straight],
  bezier: () => [bezierStart(), bezierStart({ index: 1 })],
  grid: () => [gridStart()],
  front: () => [frontStart()],
  graph: () => [graphStart()],
} satisfies Readonly<Record<string, () => readonly Start[] | undefined>>;

export const startNames = [
  "auto",
  "straight",
  "bezier",
  "grid",
  "front",
  "graph",
  "previous",
] as const;

interface Given {
  readonly start?: (typeof startNames)[number] | undefined;
  readonly previous?: string | undefined;
}

/**
 * The starts that are asked for, for `count` pairs of `d` latent dimensions; undefined is what is tried
 * by default. Throws `UsageError` for `--previous` beside another start or a start without it, and
 * `InputError` for a file that is no result of as many pairs.
 */
export async function startsOf(
  { previous, start = previous ? "previous" : "auto" }: Given,
  count: number,
  d: number,
): Promise<readonly Start[] | undefined> {
  if (start !== "previous") {
    if (previous) throw new UsageError(`--previous: expected --start previous, got ${start}`);
    return starts[start]();
  }
  if (!previous) throw new UsageError("--start previous: expected a result with --previous FILE");
  const curves = await readCurves(previous);
  if (curves.length !== count || curves.some((curve) => curve[0]?.length !== d))
    throw new InputError(
      `${previous}: expected ${count} curves in ${d} latent dimensions, one for each pair, got ${curves.length} in ${curves[0]?.[0]?.length}`,
    );
  return [previousStart(curves.map((curve) => Float64Array.from(curve.flat())))];
}

async function readCurves(file: string): Promise<readonly (readonly (readonly number[])[])[]> {
  const bytes = await readBytes(file);
  try {
    const result = v.parse(GeodesicsResult, JSON.parse(new TextDecoder().decode(bytes)));
    return result.geodesics.map(({ curve }) => curve);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(`${file}: expected a result of pullback geodesics, got ${reason}`);
  }
}
