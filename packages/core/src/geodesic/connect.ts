/**
 * @file The one entry that connects pairs of points by geodesics, and the driver of local solvers.
 *
 * Starts propose curves; all curves of all pairs are solved together, coarse to fine, each
 * question of every solver packed into the same rows; the best curve of a pair is kept, and its
 * number of nodes doubled, where the length is, until it stands still. A solver of whole curves
 * does all this by itself. Pairs go through in groups, so memory stays flat however many there are.
 */
import { InputError } from "../array/errors.ts";
import { firstNonFinite } from "../array/tensor.ts";
import type { LocalModel } from "../curve/energy.ts";
import type { Evaluator } from "../curve/evaluator.ts";
import { evaluator } from "../curve/evaluator.ts";
import type { Measure } from "../curve/length.ts";
import { measure } from "../curve/length.ts";
import type { Nodes } from "../curve/polyline.ts";
import { resample } from "../curve/polyline.ts";
import { refine } from "../curve/spline.ts";
import type { ProgramCache } from "../engine/cache.ts";
import { withPrograms } from "../engine/cache.ts";
import type { Engine } from "../engine/engine.ts";
import type { Metric } from "../metric/metric.ts";
import type { Pairs, Start } from "../start/index.ts";
import { ends, graphStart, gridStart, pairCount, straight } from "../start/index.ts";
import type { Candidate } from "./certificate.ts";
import { certify } from "./certificate.ts";
import type { Geodesic } from "./solution.ts";
import type { LocalSolver, Question, Solver, SolverSettings, SolverState } from "./solver.ts";
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
   * First guesses for local solvers; by default the straight line and a grid (d = 2) or a graph
   * (any other d).
   */
  readonly starts?: readonly Start[];
  /** Newton among splines by default. */
  readonly solver?: Solver;
  /** Relative error of the length aimed at, 1e-3 by default. */
  readonly tolerance?: number;
  /**
   * Segments of the coarsest and of the finest curve, 25 and 400 by default. Solvers of whole
   * curves answer the finest.
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

/** A curve on its way. */
interface Lane {
  readonly pair: number;
  readonly start: string;
  readonly nodes: Nodes;
}

/** Lanes with their state after a level, and their length. */
interface Solved extends Lane {
  readonly state: SolverState;
  readonly measure: Measure;
}

/**
 * Connects pairs by geodesics. Throws `InputError` for pairs of the wrong size or not finite, and
 * for a solver that does not take the metric.
 */
export function connect(options: ConnectOptions): Promise<Connection> {
  return withPrograms(options, (cache) => connectWith(cache, options));
}

async function connectWith(cache: ProgramCache, options: ConnectOptions): Promise<Connection> {
  const { metric, solver = spline, signal, onProgress } = options;
  const d = metric.dimension;
  const pairs: Pairs = { d, points: options.pairs };
  check(pairs, metric, solver);
  const compiledBefore = cache.compileSeconds;
  const evaluate = evaluator(cache, metric, signal);
  const latents = options.latents ?? new Float64Array(0);
  const starts =
    solver.kind === "local"
      ? (options.starts ?? [straight, d === 2 ? gridStart() : graphStart()])
      : [];

  let clock = performance.now();
  const seconds = { compile: 0, start: 0, solve: 0 };
  const lap = (phase: "start" | "solve"): void => {
    seconds[phase] += (performance.now() - clock) / 1000;
    clock = performance.now();
  };
  const lanes = await proposals(starts, evaluate, pairs, latents, options.seed ?? 1, signal);
  const startCompile = cache.compileSeconds - compiledBefore;
  lap("start");

  const count = pairCount(pairs);
  const geodesics: Geodesic[] = [];
  for (let first = 0; first < count; first += groupSize) {
    const last = Math.min(count, first + groupSize);
    const members = Array.from({ length: last - first }, (_, i) => first + i);
    const candidates =
      solver.kind === "local"
        ? await solveGroup(
            evaluate,
            solver,
            lanes.filter(({ pair }) => pair >= first && pair < last),
            options,
            (done) => onProgress?.((first + (last - first) * done) / count),
          )
        : await findCurves(solver, pairs, members, {
            evaluator: evaluate,
            segments: segmentsOf(options).most,
            tolerance: tolerance(options),
            seed: options.seed ?? 1,
            signal,
            onProgress: (done) => onProgress?.((first + (last - first) * done) / count),
          });
    geodesics.push(...(await certify(evaluate, pairs, members, candidates, tolerance(options))));
    onProgress?.(last / count);
  }
  lap("solve");
  seconds.compile = cache.compileSeconds - compiledBefore;
  seconds.start -= startCompile;
  seconds.solve -= seconds.compile - startCompile;
  return { geodesics, solver: solver.name, seconds };
}

const tolerance = ({ tolerance = 1e-3 }: ConnectOptions): number => tolerance;
const segmentsOf = ({ segments = { first: 25, most: 400 } }: ConnectOptions) => segments;

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

/** All first guesses of all starts; equal end points need none. */
async function proposals(
  starts: readonly Start[],
  evaluate: Evaluator,
  pairs: Pairs,
  latents: Float64Array,
  seed: number,
  signal?: AbortSignal,
): Promise<Lane[]> {
  const lanes: Lane[] = [];
  for (const start of starts) {
    signal?.throwIfAborted();
    const curves = await start.propose({ evaluator: evaluate, pairs, latents, seed, signal });
    curves.forEach((nodes, pair) => {
      const { from, to } = ends(pairs, pair);
      if (nodes && from.some((x, k) => x !== to[k])) lanes.push({ pair, start: start.name, nodes });
    });
  }
  return lanes;
}

/** The best curve of each pair, by pair. */
async function solveGroup(
  evaluate: Evaluator,
  solver: LocalSolver,
  proposed: readonly Lane[],
  options: ConnectOptions,
  onProgress: (done: number) => void,
): Promise<Map<number, Candidate>> {
  const d = evaluate.metric.dimension;
  const { first, most } = segmentsOf(options);
  const settings = settingsFor(evaluate, options);
  const best = new Map<number, Candidate>();
  let lanes = await evenly(evaluate, proposed, first);
  for (let segments = first; lanes.length > 0; segments *= 2) {
    const states = await drive(evaluate, solver, lanes, settings);
    const measures = await measure(
      evaluate,
      states.map(({ nodes }) => nodes),
      tolerance(options) / 4,
    );
    const solved = lanes.map(
      (lane, i): Solved => ({
        ...lane,
        nodes: (states[i] as SolverState).nodes,
        state: states[i] as SolverState,
        measure: measures[i] as Measure,
      }),
    );
    const open: Lane[] = [];
    for (const winner of winners(solved)) {
      const candidate = candidateFrom(winner, best.get(winner.pair));
      best.set(winner.pair, candidate);
      const done = candidate.discretisationError <= tolerance(options);
      if (!done && segments * 2 <= most && winner.state.status !== "nonFinite") {
        const nodes = refine(winner.nodes, d, winner.measure.segments, 2 * segments);
        open.push({ ...winner, nodes });
      }
    }
    onProgress(1 - open.length / best.size);
    lanes = open;
  }
  return best;
}

/** Nodes at equal steps of the decoded curve, where chords can tell. */
async function evenly(
  { metric, chordLengths }: Evaluator,
  lanes: readonly Lane[],
  segments: number,
): Promise<Lane[]> {
  const d = metric.dimension;
  const dense = lanes.map(({ nodes }) => resample(nodes, d, 2 * segments));
  const weights = metric.kind === "map" ? await chordLengths(dense) : [];
  return lanes.map((lane, i) => {
    const chords = weights[i];
    const usable = chords && firstNonFinite(chords) < 0 && chords.some((chord) => chord > 0);
    const nodes = resample(dense[i] as Nodes, d, segments, usable ? chords : undefined);
    return { ...lane, nodes };
  });
}

/** One conversation a lane, all questions of a round in one batch, those that ended left out. */
async function drive(
  evaluate: Evaluator,
  solver: LocalSolver,
  lanes: readonly Lane[],
  settings: SolverSettings,
): Promise<SolverState[]> {
  const d = evaluate.metric.dimension;
  const states = lanes.map(({ nodes }) => solver.init(nodes, d, settings));
  for (;;) {
    const running = states.flatMap(({ status }, i) => (status === "running" ? [i] : []));
    if (running.length === 0) return states;
    const asked = running.map((i) => solver.ask(states[i] as SolverState));
    const answers = await answersTo(evaluate, asked);
    running.forEach((lane, i) => {
      states[lane] = solver.tell(states[lane] as SolverState, answers[i] as LocalModel);
    });
  }
}

async function answersTo(
  evaluate: Evaluator,
  asked: readonly Question[],
): Promise<readonly LocalModel[]> {
  const { metric } = evaluate;
  const models = await evaluate.localModels(asked.map(({ nodes }) => nodes));
  const bent = asked.filter(({ curvature }) => curvature);
  if (bent.length === 0 || metric.kind !== "map" || metric.kinked) return models;
  const curvatures = await evaluate.curvatures(bent.map(({ nodes }) => nodes));
  return models.map((model, i) => {
    const at = bent.indexOf(asked[i] as Question);
    return at < 0 ? model : { ...model, curvature: curvatures[at] as Float64Array };
  });
}

/** The shortest lane of each pair; one that is not finite loses to any that is. */
function winners(solved: readonly Solved[]): Solved[] {
  const byPair = new Map<number, Solved>();
  for (const lane of solved) {
    const before = byPair.get(lane.pair);
    if (!before || !(before.measure.length <= lane.measure.length)) byPair.set(lane.pair, lane);
  }
  return [...byPair.values()];
}

/** A level's curve against the level before: the change of length is the discretisation error. */
function candidateFrom({ start, state, measure }: Solved, before?: Candidate): Candidate {
  const change = before ? Math.abs(measure.length - before.measure.length) / measure.length : 1;
  return {
    start,
    state,
    measure,
    iterations: state.iterations + (before?.iterations ?? 0),
    discretisationError: Math.min(1, change + measure.error),
  };
}

function settingsFor(evaluate: Evaluator, options: ConnectOptions): SolverSettings {
  const single = evaluate.precision === "float32";
  return {
    residual: Math.max(tolerance(options) * 1e-2, single ? 1e-8 : 1e-14),
    floor: single ? 1e-5 : 1e-12,
    maxIterations: options.maxIterations ?? 100,
  };
}
