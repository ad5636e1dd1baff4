/**
 * @file One model in one engine: everything that the page asks of it. Knows neither worker nor page;
 * the engine is an argument.
 */
import type {
  Bounds,
  Decoder,
  DistanceGrid,
  Engine,
  Evaluator,
  GeodesicsResult,
  Indicatrix,
  Metric,
  MetricChoice,
  ModelDescription,
  Plane,
  ProgramCache,
  Start,
} from "pullback-core";
import {
  boundsAround,
  cellCentres,
  distanceGrid,
  evaluator,
  InputError,
  indicatrices,
  lambdaGrid,
  logDensityAlong,
  metricOf,
  previousStart,
  programCache,
  pullback,
  resample,
  solvePairs,
  startsFor,
} from "pullback-core";
import type { Around, AroundRequest } from "./around.ts";
import { around } from "./around.ts";
import type { Follower } from "./follow.ts";
import { follower, legsOf, steps } from "./follow.ts";
import type { OpenModel } from "./open.ts";
import type { MapLevel, RefineOptions } from "./refine.ts";
import { refineMap } from "./refine.ts";
import type { Column } from "./table.ts";
import type { Both, Joined } from "./track.ts";
import { bothOf, joined } from "./track.ts";

/** What the page is told of a model: plain data. */
export interface About {
  readonly description: ModelDescription;
  readonly latents: Float32Array;
  readonly labels?: Int32Array;
  readonly values?: Float64Array;
  readonly columns: readonly Column[];
  readonly kinked: boolean;
  readonly engine: string;
  /** Why it is not the engine that was wished for. */
  readonly engineNote?: string;
}

export interface Settled extends Both {
  /** As the command line writes it; several legs where the path has several points. */
  readonly result: GeodesicsResult;
}

export type MapRequest = Pick<RefineOptions, "plane" | "bounds" | "first" | "last">;

export interface IndicatrixRequest {
  readonly plane: Plane;
  readonly bounds: Bounds;
  /** Cells a side. */
  readonly side: number;
}

export interface PathRequest {
  /** Points of the path, [k, d]. */
  readonly path: Float64Array;
  /** Frames of the strip. */
  readonly frames: number;
  /** Curves to go on from, one a leg, where others were found meanwhile. */
  readonly from?: readonly Float64Array[];
}

export interface SettleRequest extends Omit<PathRequest, "from"> {
  /** Curves from dragging, one a leg: one more start. */
  readonly previous?: readonly Float64Array[];
}

/** Rows of a run of the map: one program, and whoever waits for this thread waits little. */
const sizes = [256] as const;

export class Session {
  readonly #engine: Engine;
  readonly #cache: ProgramCache;
  readonly #model: OpenModel;
  readonly #engineNote: string | undefined;
  readonly #latents: Float64Array;
  /** In the pull-back metric, whatever the metric is. */
  readonly #plain: Evaluator;
  /** Programs stay as long as the engine does, so a metric that comes back finds its own. */
  readonly #metrics = new Map<string, Evaluator>();
  #metric: Metric;
  #evaluate: Evaluator;
  #follower: Follower;
  /** For this metric; they keep what they know of it. */
  #starts: readonly Start[];
  /** The last distances, good for one metric. */
  #distances: { readonly metric: Metric; readonly grid: DistanceGrid } | null = null;

  constructor(engine: Engine, model: OpenModel, engineNote?: string) {
    this.#engine = engine;
    this.#cache = programCache(engine);
    this.#model = model;
    this.#engineNote = engineNote;
    this.#latents = Float64Array.from(this.#model.latents);
    this.#metric = pullback(this.#model.decoder);
    this.#plain = evaluator(this.#cache, this.#metric);
    this.#evaluate = this.#plain;
    this.#follower = follower(this.#evaluate);
    this.#starts = startsFor(this.#metric);
  }

  get about(): About {
    const { description, decoder, latents, labels, values, columns } = this.#model;
    const { kinked } = decoder;
    const { name: engine } = this.#engine;
    const engineNote = this.#engineNote;
    return { description, latents, labels, values, columns, kinked, engine, engineNote };
  }

  get #decoder(): Decoder {
    return this.#model.decoder;
  }

  /** Throws `InputError` where the model lacks what the metric needs. */
  setMetric(choice: MetricChoice): void {
    const key = JSON.stringify([choice.name, choice.lambda, choice.rank]);
    const { likelihood, training } = this.#model.description;
    const known =
      this.#metrics.get(key) ??
      (choice.name === "pullback"
        ? this.#plain
        : evaluator(
            this.#cache,
            metricOf(this.#decoder, choice, {
              codes: this.#model.latents.length > 0 ? this.#model.latents : undefined,
              likelihood,
              sigma: training?.sigma,
              seed: 1,
            }),
          ));
    this.#metrics.set(key, known);
    this.#metric = known.metric;
    this.#evaluate = known;
    this.#follower = follower(known);
    this.#starts = startsFor(this.#metric);
  }

  /** Level by level; `pause` is awaited between runs. */
  map(
    request: MapRequest,
    onLevel: (level: MapLevel) => void,
    pause: () => Promise<void>,
    signal?: AbortSignal,
  ): Promise<void> {
    const metric = this.#metric;
    const d = metric.dimension;
    const block = 512;
    return refineMap({
      ...request,
      onLevel,
      evaluate: async (points) => {
        const logs = new Float64Array(points.length / d);
        for (let from = 0; from < logs.length; from += block) {
          await pause();
          signal?.throwIfAborted();
          const part = points.subarray(from * d, (from + block) * d);
          const { axes } = request.plane;
          logs.set(await logDensityAlong(this.#cache, metric, axes, part, { signal, sizes }), from);
        }
        return logs;
      },
    });
  }

  /** Both curves while a hand drags. */
  async follow({ path, frames, from }: PathRequest): Promise<Both & { curves: Float64Array[] }> {
    if (from) this.#follower.goOnFrom(from);
    const legs = await this.#follower.follow(path);
    const d = this.#metric.dimension;
    const curves = legs.map(({ curve }) => curve);
    const lines = legs.map((leg) => leg.straight);
    const ruler = this.#ruler();
    const lengths =
      ruler === this.#evaluate
        ? [...legs.map((leg) => leg.steps), ...legs.map((leg) => leg.straightSteps)]
        : await steps(ruler, [...curves, ...lines]);
    const geodesic = joined(curves, lengths.slice(0, curves.length), d);
    const line = joined(lines, lengths.slice(curves.length), d);
    const both = await this.#both(geodesic, line, frames);
    return { ...both, curves };
  }

  /** Both curves to tolerance, with the certificate, as `pullback geodesics` finds them. */
  async settle(
    { path, frames, previous }: SettleRequest,
    signal?: AbortSignal,
    onProgress?: (share: number) => void,
  ): Promise<Settled> {
    const d = this.#metric.dimension;
    const starts = [...this.#starts, ...(previous ? [previousStart(previous)] : [])];
    const result = await solvePairs({
      engine: this.#engine,
      cache: this.#cache,
      decoder: this.#decoder,
      metric: this.#metric,
      name: this.#model.description.name,
      pairs: legsOf(path, d),
      latents: this.#latents.length > 0 ? this.#latents : undefined,
      starts,
      seed: 1,
      signal,
      onProgress,
    });
    const ruler = this.#ruler();
    const curves = result.geodesics.map(({ curve }) => Float64Array.from(curve.flat()));
    const lines = result.geodesics.map(({ from, to }) =>
      resample(Float64Array.from([...from, ...to]), d, 128),
    );
    const all = await steps(ruler, [...curves, ...lines]);
    const geodesic = joined(curves, all.slice(0, curves.length), d);
    const line = joined(lines, all.slice(curves.length), d);
    const both = await this.#both(geodesic, line, frames);
    const total = (key: "length" | "straightLength"): number =>
      result.geodesics.reduce((sum, leg) => sum + leg[key], 0);
    return {
      result,
      geodesic: { ...both.geodesic, length: total("length") },
      straight: { ...both.straight, length: total("straightLength") },
    };
  }

  /** Lines of equal distance around a point, and the codes nearest to it. */
  async around(
    request: AroundRequest,
    signal?: AbortSignal,
    onProgress?: (share: number) => void,
  ): Promise<Around> {
    if (this.#decoder.latentDimension !== 2)
      throw new InputError(
        `distances from a point: expected two latent dimensions, got ${this.#decoder.latentDimension}`,
      );
    const codes = this.#model.latents;
    const metric = this.#metric;
    if (this.#distances?.metric !== metric) {
      const [x0, x1, y0, y1] = boundsAround(codes);
      const [dx, dy] = [(x1 - x0) / 5, (y1 - y0) / 5];
      const grid = await distanceGrid({
        cache: this.#cache,
        metric,
        bounds: [x0 - dx, x1 + dx, y0 - dy, y1 + dy],
        grid: 161,
        signal,
        onProgress,
      });
      this.#distances = { metric, grid };
    }
    return around(this.#distances.grid, codes, request);
  }

  /** Tissot's indicatrices in the middles of cells of a plane. */
  indicatrices({ plane, bounds, side }: IndicatrixRequest): Promise<Indicatrix[]> {
    const points = cellCentres(bounds, side);
    return indicatrices({ cache: this.#cache, metric: this.#metric, points, plane });
  }

  /** Lambdas of the smoothed metric that make a difference, a decade apart. */
  async lambdas(): Promise<number[]> {
    const codes = this.#model.latents.subarray(0, 1000 * this.#decoder.latentDimension);
    if (codes.length === 0) return [];
    return (await lambdaGrid(this.#cache, this.#plain.metric, codes)).slice(1);
  }

  /** What the decoder shows at points [n, d]: [n, D]. */
  async decode(points: Float64Array): Promise<Float32Array> {
    return Float32Array.from(await this.#plain.images(points));
  }

  /** Lengths are stated in G where the metric is G with something added. */
  #ruler(): Evaluator {
    const changed = this.#metric.name === "smoothed" || this.#metric.name === "expected";
    return changed ? this.#plain : this.#evaluate;
  }

  #both(geodesic: Joined, straight: Joined, frames: number): Promise<Both> {
    const decode = (points: Float64Array): Promise<Float32Array> => this.decode(points);
    return bothOf({ geodesic, straight }, this.#metric.dimension, frames, decode);
  }
}
