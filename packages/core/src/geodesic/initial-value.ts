/**
 * @file One geodesic as an initial value problem, z'' = -G^-1 Gamma(z', z'), a step at a time.
 *
 * The pair of orders 5 and 4 of Dormand and Prince (1980) on (z, z'), steps adapted to the local
 * error. Like a solver it is a conversation: it says where it wants the metric, takes the answer,
 * and says when it is done; `shoot` holds many of them at once.
 */
import { innerProduct, solvePositive } from "../array/solve.ts";
import { firstNonFinite } from "../array/tensor.ts";

/** How a path ended; each has its sentence in `shoot.ts`. */
export type ShotStatus = "arrived" | "singular" | "nonFinite" | "escaped" | "maxSteps";

/** The path at one parameter: point, velocity, acceleration, each [d]. */
export interface Knot {
  readonly t: number;
  readonly z: Float64Array;
  readonly v: Float64Array;
  readonly a: Float64Array;
}

export interface FlightSettings {
  /** Error of one step, relative to the length of the whole path. */
  readonly tolerance: number;
  /** Smallest pivot of G, relative to its diagonal, that the precision can tell from zero. */
  readonly floor: number;
  readonly maxSteps: number;
}

export interface Flight {
  readonly status: ShotStatus | "running";
  readonly settings: FlightSettings;
  /** Accepted steps, in order; grows in place. */
  readonly knots: Knot[];
  /** G at the last knot, [d, d]. */
  readonly G: Float64Array;
  /** v^T G v at the start, and the greatest relative change of it since. */
  readonly energy: number;
  readonly drift: number;
  /** Size of the step that is being tried, and slopes (z', z'') of its stages so far. */
  readonly step: number;
  readonly slopes: readonly Slope[];
  readonly trials: number;
  /** Where the metric is wanted next. */
  readonly z: Float64Array;
  readonly v: Float64Array;
}

interface Slope {
  readonly v: Float64Array;
  readonly a: Float64Array;
}

/** The metric at the point that was asked for. */
export interface Answer {
  /** [d, d] */
  readonly G: Float64Array;
  /** Gamma_k(v, v), [d]. */
  readonly lowered: Float64Array;
}

/** Rows of the tableau; the last is the solution of order 5, where the next step begins. */
const stages: readonly (readonly number[])[] = [
  [1 / 5],
  [3 / 40, 9 / 40],
  [44 / 45, -56 / 15, 32 / 9],
  [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
  [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
  [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
];
/** Order 5 less order 4. */
const difference = [
  71 / 57600,
  0,
  -71 / 16695,
  71 / 1920,
  -17253 / 339200,
  22 / 525,
  -1 / 40,
] as const;

/** Steps below this share of the path lead nowhere. */
const smallestStep = 1e-7;

export function takeOff(z: Float64Array, v: Float64Array, settings: FlightSettings): Flight {
  return {
    status: "running",
    settings,
    knots: [],
    G: new Float64Array(0),
    energy: 0,
    drift: 0,
    step: 0,
    slopes: [],
    trials: 0,
    z,
    v,
  };
}

export function tell(flight: Flight, answer: Answer): Flight {
  const { z, v, knots, settings, slopes } = flight;
  const a = acceleration(answer, settings.floor);
  if (typeof a === "string") {
    if (knots.length === 0) return ended(flight, a);
    // A stage that overshot beyond all numbers says nothing of the metric.
    const overshot = firstNonFinite(z) >= 0 || firstNonFinite(v) >= 0;
    return shorter(flight, 0.2, overshot ? "escaped" : a);
  }
  if (knots.length === 0) return begin(flight, answer, a);
  const now = [...slopes, { v, a }];
  if (now.length < difference.length) return { ...flight, slopes: now, ...stage(flight, now) };
  const error = stepError(flight, now) / settings.tolerance;
  if (!(error <= 1)) return shorter(flight, 0.9 * Math.min(error || 1e4, 1e4) ** -0.2, "escaped");
  const last = knots.at(-1) as Knot;
  const t = flight.step >= 1 - last.t ? 1 : last.t + flight.step;
  knots.push({ t, z, v, a });
  const drift = Math.abs(innerProduct(answer.G, 0, v, v) / flight.energy - 1);
  const arrived: Flight = { ...flight, G: answer.G, drift: Math.max(flight.drift, drift) };
  if (t === 1) return ended(arrived, "arrived");
  const growth = Math.min(5, 0.9 * Math.max(error, 1e-10) ** -0.2);
  return attempt(arrived, flight.step * growth);
}

function begin(flight: Flight, { G }: Answer, a: Float64Array): Flight {
  const { z, v, settings } = flight;
  flight.knots.push({ t: 0, z, v, a });
  const energy = innerProduct(G, 0, v, v);
  const started: Flight = { ...flight, G, energy };
  // A geodesic without velocity stays where it is.
  if (energy === 0) return ended(started, "arrived");
  const turning = norm(v) / norm(a);
  return attempt(started, Math.min(0.1, 0.5 * settings.tolerance ** 0.2 * turning));
}

/** The first stage of a step of this size, which ends at t = 1 at the latest; or why there is none. */
function attempt(flight: Flight, size: number, reason: ShotStatus = "escaped"): Flight {
  if (size < smallestStep) return ended(flight, reason);
  if (flight.trials >= flight.settings.maxSteps) return ended(flight, "maxSteps");
  const { t, v, a } = flight.knots.at(-1) as Knot;
  const step = Math.min(size, 1 - t);
  const slopes = [{ v, a }];
  const trials = flight.trials + 1;
  return { ...flight, step, slopes, trials, ...stage({ ...flight, step }, slopes) };
}

function shorter(flight: Flight, factor: number, reason: ShotStatus): Flight {
  return attempt(flight, flight.step * factor, reason);
}

const ended = (flight: Flight, status: ShotStatus): Flight => ({ ...flight, status });

/** Point and velocity of the next stage. */
function stage({ knots, step }: Flight, slopes: readonly Slope[]): Pick<Flight, "z" | "v"> {
  const { z, v } = knots.at(-1) as Knot;
  const weights = stages[slopes.length - 1] as readonly number[];
  return {
    z: z.map((x, k) => x + step * weighted(weights, slopes, "v", k)),
    v: v.map((x, k) => x + step * weighted(weights, slopes, "a", k)),
  };
}

function weighted(
  weights: readonly number[],
  slopes: readonly Slope[],
  part: keyof Slope,
  k: number,
): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++)
    sum += (weights[i] as number) * ((slopes[i] as Slope)[part][k] as number);
  return sum;
}

/**
 * Error of point and velocity after a step relative to the velocity, the path being one unit of
 * parameter long; the greater of its sizes in the metric and in the coordinates.
 */
function stepError({ knots, G, step, energy }: Flight, slopes: readonly Slope[]): number {
  const { v } = knots.at(-1) as Knot;
  let worst = 0;
  for (const part of ["v", "a"] as const) {
    const e = v.map((_, k) => step * weighted(difference, slopes, part, k));
    const inMetric = Math.sqrt(Math.max(0, innerProduct(G, 0, e, e)) / energy);
    // NaN has to win.
    for (const size of [inMetric, norm(e) / norm(v)]) if (!(size <= worst)) worst = size;
  }
  return worst;
}

/** z'' = -G^-1 Gamma(v, v), or why there is none. */
function acceleration({ G, lowered }: Answer, floor: number): Float64Array | ShotStatus {
  if (firstNonFinite(G) >= 0 || firstNonFinite(lowered) >= 0) return "nonFinite";
  const a = solvePositive(G, 0, lowered, floor);
  return a ? a.map((x) => -x) : "singular";
}

const norm = (vector: Float64Array): number => Math.hypot(...vector);

/**
 * Point and velocity at parameter t, by the quintic that has point, velocity and acceleration of
 * the knots on both sides: of the order of the steps themselves.
 */
export function flightAt(knots: readonly Knot[], t: number): { z: Float64Array; v: Float64Array } {
  const after = knots.findIndex((knot) => knot.t >= t);
  const [p, q] = [knots[Math.max(0, after - 1)] as Knot, knots.at(after) as Knot];
  const h = q.t - p.t;
  if (h === 0) return { z: q.z.slice(), v: q.v.slice() };
  const x = (t - p.t) / h;
  const [x2, x3, x4, x5] = [x * x, x ** 3, x ** 4, x ** 5] as const;
  const blend = (k: number, weights: readonly number[]): number => {
    const [z0, v0, a0, a1, v1, z1] = weights as [number, number, number, number, number, number];
    return (
      z0 * (p.z[k] as number) +
      z1 * (q.z[k] as number) +
      h * (v0 * (p.v[k] as number) + v1 * (q.v[k] as number)) +
      h * h * (a0 * (p.a[k] as number) + a1 * (q.a[k] as number))
    );
  };
  const rise = 10 * x3 - 15 * x4 + 6 * x5;
  const slope = 30 * x2 - 60 * x3 + 30 * x4;
  const point = [
    1 - rise,
    x - 6 * x3 + 8 * x4 - 3 * x5,
    (x2 - 3 * x3 + 3 * x4 - x5) / 2,
    (x3 - 2 * x4 + x5) / 2,
    -4 * x3 + 7 * x4 - 3 * x5,
    rise,
  ];
  const velocity = [
    -slope,
    1 - 18 * x2 + 32 * x3 - 15 * x4,
    (2 * x - 9 * x2 + 12 * x3 - 5 * x4) / 2,
    (3 * x2 - 8 * x3 + 5 * x4) / 2,
    -12 * x2 + 28 * x3 - 15 * x4,
    slope,
  ];
  return {
    z: p.z.map((_, k) => blend(k, point)),
    v: p.z.map((_, k) => blend(k, velocity) / h),
  };
}
