/**
 * @file The fast solver against the paper's: the same pairs, the same metric, one ruler, one engine.
 *
 * Each solves all pairs together, and a pair's time is its equal share; compiling counts for
 * neither. The paper's solver has answered a pair when its curve first comes within half a per
 * cent of the fast solver's length, which its trace tells; where it never does, its whole run
 * counts.
 */
import { InputError } from "../array/errors.ts";
import type { ProgramCache } from "../engine/cache.ts";
import type { Pairs } from "../start/start.ts";
import { ends, pairCount } from "../start/start.ts";
import type { ConnectOptions } from "./connect.ts";
import { connect } from "./connect.ts";
import type { Geodesic } from "./solution.ts";
import type { TracePoint } from "./solver.ts";
import type { NeuralOptions } from "./solvers/neural/options.ts";
import { neural } from "./solvers/neural.ts";

export interface CompareOptions
  extends Pick<
    ConnectOptions,
    "metric" | "pairs" | "latents" | "tolerance" | "seed" | "signal" | "onProgress"
  > {
  readonly cache: ProgramCache;
  /** Choices of the paper's solver; a trace point every 10 iterations by default. */
  readonly neural?: NeuralOptions;
}

export interface ComparedPair {
  readonly fast: Geodesic;
  /** With its trace. */
  readonly paper: Geodesic;
  /** Length of the fast solver's curve over that of the paper's. */
  readonly lengthRatio: number;
  /** Of all pairs the same: an equal share. */
  readonly fastSeconds: number;
  /** When the paper's curve was first within half a per cent, or the end of its run. */
  readonly paperSeconds: number;
  /** Whether it ever was. */
  readonly reached: boolean;
}

/** How near the paper's solver must come, relative to the fast one's length. */
const near = 0.005;

/** Compares the solvers pair by pair. Throws `InputError` on a pair whose ends are equal. */
export async function compareSolvers({
  cache,
  neural: choices,
  onProgress,
  ...problem
}: CompareOptions): Promise<readonly ComparedPair[]> {
  const all: Pairs = { d: problem.metric.dimension, points: problem.pairs };
  for (let i = 0; i < pairCount(all); i++) {
    const { from, to } = ends(all, i);
    if (from.every((x, k) => x === to[k]))
      throw new InputError(`compareSolvers: pair ${i}: expected ends that differ, got [${from}]`);
  }
  const options = { ...problem, cache, engine: cache.engine };
  // The first run also warms up what is compiled while it runs.
  await connect(options);
  const fast = await connect(options);
  const fastSeconds = (fast.seconds.start + fast.seconds.solve) / fast.geodesics.length;
  const paper = await connect({
    ...options,
    solver: neural({ traceEvery: 10, ...choices }),
    ...(onProgress && { onProgress }),
  });
  return fast.geodesics.map((found, i): ComparedPair => {
    const other = paper.geodesics[i] as Geodesic;
    const trace = other.trace as readonly TracePoint[];
    const hit = trace.find(({ length }) => length <= found.length * (1 + near));
    return {
      fast: found,
      paper: other,
      lengthRatio: found.length / other.length,
      fastSeconds,
      paperSeconds: ((hit ?? trace.at(-1)) as TracePoint).seconds,
      reached: hit !== undefined,
    };
  });
}
