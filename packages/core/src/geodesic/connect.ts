/**
 * @file The one entry that connects pairs of points by geodesics.
 *
 * Starts propose curves; all curves of all pairs are solved together, coarse to fine (`levels.ts`), and
 * what ends on a saddle is pushed off it and solved again. A solver of whole curves does all this by
 * itself. Pairs go through in groups, so memory stays flat however many there are.
 */
import { InputError } from "../array/errors.ts";
import { firstNonFinite } from "../array/tensor.ts";
import type { Evaluator } from "../curve/evaluator.ts";
import { evaluator } from "../curve/evaluator.ts";
import type { ProgramCache } from "../engine/cache.ts";
import { withPrograms } from "../engine/cache.ts";
import type { Engine } from "../engine/engine.ts";
import type { Metric } from "../metric/metric.ts";
import type { Pairs, Start } from "../start/index.ts";
import { autoStarts, pairCount } from "../start/index.ts";
import type { Candidate } from "./certificate.ts";
import { certify } from "./certificate.ts";
import { withHessians } from "./inertia.ts";
import type { Lane } from "./lanes.ts";
import { proposals } from "./lanes.ts";
import type { LevelSettings } from "./levels.ts";
import { solveLanes } from "./levels.ts";
import { offSaddles } from "./saddle.ts";
import type { Geodesic } from "./solution.ts";
import type { LocalSolver, Solver } from "./solver.ts";
import { spline } from "./solvers/spline.ts";
import { findCurves } from "./whole-curves.ts";

export interface ConnectOptions {
  readonly engine: Engine;
  readonly metric: Metric;
  /** [count, 2 d], each row z0 then z1. */
  readonly pairs: Float64Array;
  /** Points where the data is, [n, d]; starts follow them. */
  readonly latents?: Float64Array;
  /**
   * First guesses for local solvers, `autoStarts` by default. A little is spent on each of a pair's
   * and the rest on what may win.
   */
  readonly starts?: readonly Start[];
  /** Newton among splines by default. */
  readonly solver?: Solver;
  /** Relative error of the length aimed at, 1e-3 by default. */
  readonly tolerance?: number;
  /**
   * Segments of the coarsest and of the finest curve; by default 25 and 400, or more for tolerances
   * below 1e-3 (3200 for 1e-7). Solvers of whole curves answer the finest.
   */
  readonly segments?: { readonly first: number; readonly most: number };
  /** Of local solvers, per level; 100 by default. */
  readonly maxIterations?: number;
  readonly seed?: number;
  /** Programs to share with other work on the same engine. */
  readonly cache?: ProgramCache;
  readonly signal?: AbortSignal;
  /** Called with the share that is done, 0 to 1. */
  readonly onProgress?: (done: number) => void;
}

export interface Connection {
  readonly geodesics: readonly Geodesic[];
  readonly solver: string;
  readonly seconds: { readonly compile: number; readonly start: number; readonly solve: number };
}

/** Pairs whose curves are solved together. */
const groupSize = 128;

/**
 * Connects pairs by geodesics. Throws `InputError` for pairs of the wrong size or not finite, and
 * for a solver that does not take the metric.
 */
export function connect(options: ConnectOptions): Promise<Connection> {
  return withPrograms(options, (cache) => connectWith(cache, options));
}

async function connectWith(cache: ProgramCache, options: ConnectOptions): Promise<Connection> {
  const { metric, solver = spline, tolerance = 1e-3, seed = 1, signal, onProgress } = options;
  const d = metric.dimension;
  const pairs: Pairs = { d, points: options.pairs };
  check(pairs, metric, solver);
  const compiledBefore = cache.compileSeconds;
  const evaluate = evaluator(cache, metric, signal);
  const segments = options.segments ?? segmentsFor(tolerance);
  const latents = options.latents ?? new Float64Array(0);
  const starts = solver.kind === "local" ? (options.starts ?? autoStarts(d)) : [];

  let clock = performance.now();
  const seconds = { compile: 0, start: 0, solve: 0 };
  const lap = (phase: "start" | "solve"): void => {
    seconds[phase] += (performance.now() - clock) / 1000;
    clock = performance.now();
  };
  const count = pairCount(pairs);
  const context = { evaluator: evaluate, pairs, latents, seed, signal };
  const lanes: Lane[][] = Array.from({ length: count }, () => []);
  for (const lane of await proposals(starts, context, segments.first)) lanes[lane.pair]?.push(lane);
  const startCompile = cache.compileSeconds - compiledBefore;
  lap("start");

  const settings = { ...segments, tolerance, solver: settingsFor(evaluate, tolerance, options) };
  const geodesics: Geodesic[] = [];
  for (let first = 0; first < count; first += groupSize) {
    const last = Math.min(count, first + groupSize);
    const members = Array.from({ length: last - first }, (_, i) => first + i);
    const progress = (done: number): void => onProgress?.((first + (last - first) * done) / count);
    const candidates =
      solver.kind === "local"
        ? await solveGroup(evaluate, solver, lanes.slice(first, last).flat(), {
            ...settings,
            onProgress: progress,
          })
        : await findCurves(solver, pairs, members, {
            evaluator: evaluate,
            segments: segments.most,
            ...{ tolerance, seed, signal, onProgress: progress },
          });
    geodesics.push(...(await certify(evaluate, pairs, members, candidates, tolerance)));
    progress(1);
  }
  lap("solve");
  seconds.compile = cache.compileSeconds - compiledBefore;
  seconds.start -= startCompile;
  seconds.solve -= seconds.compile - startCompile;
  return { geodesics, solver: solver.name, seconds };
}

/** Saddles that one after another are left, at most. */
const mostSaddles = 3;

/** The best curves of a group; those that are saddles give way to what is found beside them. */
async function solveGroup(
  evaluate: Evaluator,
  solver: LocalSolver,
  lanes: readonly Lane[],
  settings: LevelSettings,
): Promise<Map<number, Candidate>> {
  const best = await solveLanes(evaluate, solver, lanes, settings);
  let changed: ReadonlyMap<number, Candidate> = best;
  for (let round = 0; round < mostSaddles && changed.size > 0; round++) {
    // Kept: the certificate asks for them again.
    const pairsLeft = [...changed.keys()];
    const all = [...changed.values()];
    const states = await withHessians(
      evaluate,
      all.map(({ state }) => state),
    );
    changed = new Map(
      pairsLeft.map((pair, i) => [pair, { ...all[i], state: states[i] } as Candidate]),
    );
    for (const [pair, candidate] of changed) best.set(pair, candidate);
    const aside = await offSaddles(evaluate, changed, settings.tolerance);
    const found = await solveLanes(evaluate, solver, aside, settings);
    const shorter = [...found].filter(
      ([pair, { measure }]) =>
        measure.length < (best.get(pair) as Candidate).measure.length * (1 - settings.tolerance),
    );
    for (const [pair, candidate] of shorter) best.set(pair, candidate);
    changed = new Map(shorter);
  }
  return best;
}

/** The error of a length falls with the fourth power of the step: what 400 segments are to 1e-3. */
function segmentsFor(tolerance: number): { readonly first: number; readonly most: number } {
  const doublings = Math.round(4 + Math.log2(1e-3 / tolerance) / 4);
  return { first: 25, most: 25 * 2 ** Math.min(8, Math.max(4, doublings)) };
}

function settingsFor(
  { precision }: Evaluator,
  tolerance: number,
  { maxIterations = 100 }: ConnectOptions,
): LevelSettings["solver"] {
  const single = precision === "float32";
  return {
    residual: Math.max(tolerance * 1e-2, single ? 1e-8 : 1e-14),
    floor: single ? 1e-5 : 1e-12,
    maxIterations,
  };
}

function check(pairs: Pairs, metric: Metric, solver: Solver): void {
  const { d, points } = pairs;
  if (points.length === 0 || points.length % (2 * d) !== 0)
    throw new InputError(
      `connect: expected pairs of 2 x ${d} numbers, got ${points.length} numbers in all`,
    );
  const bad = firstNonFinite(points);
  if (bad >= 0)
    throw new InputError(
      `connect: expected finite numbers, got ${points[bad]} in pair ${Math.floor(bad / (2 * d))}`,
    );
  if (!solver.accepts.includes(metric.kind))
    throw new InputError(
      `connect: ${solver.name} takes a metric given as ${solver.accepts.join(" or ")}, got ${metric.kind}`,
    );
}
