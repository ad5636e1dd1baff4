/**
 * @file The state of a page and what changes it: a model, a view, a path, and what is known of them.
 *
 * Two workers share the work. The hand answers what is dragged, at once and roughly; the desk
 * refines the map and settles curves to tolerance, however long that takes.
 */
import type { Bounds, Indicatrix, MetricChoice, Plane } from "pullback-core";
import { axisPlane, boundsAround, coordinatePlane, principalPlane, project } from "pullback-core";
import type { Client, Port } from "../protocol/client.ts";
import { client, LostWorker, PlainError } from "../protocol/client.ts";
import type { Latest } from "../protocol/latest.ts";
import { latest } from "../protocol/latest.ts";
import type { ModelSource, OpenRequest } from "../protocol/messages.ts";
import type { Size, View } from "../view/transform.ts";
import { boundsOf, fitting } from "../view/transform.ts";
import type { Around } from "../work/around.ts";
import type { MapLevel } from "../work/refine.ts";
import type { About, Both, PathRequest, Settled } from "../work/session.ts";
import type { Address } from "./address.ts";
import { Codes } from "./codes.svelte.ts";

export interface Surroundings {
  /** A fresh worker. */
  spawn(): Port;
  readonly runtime: OpenRequest["runtime"];
  /** Threads of the desk; the hand has one. */
  readonly threads: number;
}

/** What the curves are. */
export type Phase = "following" | "settling" | "settled" | "failed";

/** How it stands with the model. */
export type Loading =
  | { readonly kind: "empty" }
  | { readonly kind: "loading"; readonly share: number }
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly message: string; readonly canRestart: boolean };

export const frameCount = 11;
const mapSides = { first: 33, last: 257 } as const;

export class Explorer {
  loading = $state.raw<Loading>({ kind: "empty" });
  about = $state.raw<About | null>(null);
  plane = $state.raw<Plane>({
    origin: [0, 0],
    axes: [
      [1, 0],
      [0, 1],
    ],
  });
  /** Codes in the plane's coordinates, [n, 2]. */
  points = $state.raw<Float64Array>(new Float64Array(0));
  readonly codes = new Codes();

  size = $state.raw<Size>({ width: 0, height: 0 });
  view = $state.raw<View>({ x: 0, y: 0, scale: 1 });
  level = $state.raw<MapLevel | null>(null);

  /** Points of latent space that the curve joins, two or more. */
  path = $state.raw<readonly (readonly number[])[]>([]);
  both = $state.raw<Both | null>(null);
  settled = $state.raw<Settled | null>(null);
  phase = $state.raw<Phase>("following");
  settleShare = $state.raw(0);
  metric = $state.raw<MetricChoice>({ name: "pullback" });
  /** Lines of equal distance around the first end, where they are asked for. */
  around = $state.raw<Around | null>(null);
  showsAround = $state(false);
  aroundShare = $state<number | null>(null);
  /** Codes that are named as nearest. */
  nearest = $state(50);
  indicatrices = $state.raw<readonly Indicatrix[]>([]);
  showsIndicatrices = $state(false);
  /** Lambdas that make a difference to the smoothed metric; empty while unknown. */
  lambdas = $state.raw<readonly number[]>([]);
  /** Which axes are drawn, where there are more than two. */
  axes = $state.raw<readonly [number, number] | "principal">("principal");
  /** A complaint that is no reason to stop. */
  notice = $state.raw<string | null>(null);
  /** Where both curves are looked at, 0 to 1. */
  spot = $state.raw<number | null>(null);

  readonly #around: Surroundings;
  #source: ModelSource | null = null;
  #hand: Client | null = null;
  #desk: Client | null = null;
  #deskReady: Promise<Client> | null = null;
  #curves: readonly Float64Array[] | undefined;
  #goOnFrom: readonly Float64Array[] | undefined;
  #follow: Latest<PathRequest>;
  #mapping: AbortController | null = null;
  #settling: AbortController | null = null;
  #mapTimer: ReturnType<typeof setTimeout> | undefined;
  #fitted = false;
  /** Answers to earlier models are not wanted. */
  #generation = 0;

  constructor(around: Surroundings) {
    this.#around = around;
    this.#follow = latest(
      (request: PathRequest) => (this.#hand as Client).ask("follow", request),
      (answer) => {
        if (this.phase !== "following") return;
        const { curves, ...both } = answer;
        this.#curves = curves;
        this.both = both;
        performance.mark("pullback follow");
      },
      (error) => this.#complain(error),
    );
  }

  get source(): ModelSource | null {
    return this.#source;
  }

  get d(): number {
    return this.about?.description.latentDimension ?? 2;
  }

  /** Opens a model; what was open is closed. `path` is where the curve begins, if that is known. */
  async open(source: ModelSource, start: Address = {}): Promise<void> {
    this.close();
    const generation = this.#generation;
    const isStale = (): boolean => generation !== this.#generation;
    this.#source = source;
    this.loading = { kind: "loading", share: 0 };
    this.notice = null;
    try {
      const hand = this.#spawn();
      this.#hand = hand;
      const about = await hand.ask("open", this.#opening(source, 1), {
        onProgress: (share) => {
          if (!isStale()) this.loading = { kind: "loading", share };
        },
      });
      if (isStale()) return;
      this.#take(about, start);
      this.metric = { name: "pullback" };
      const metric = start.metric;
      if (metric && metric.name !== "pullback")
        await this.#choose(hand, metric).catch((error) => this.#complain(error));
      if (isStale()) return;
      this.loading = { kind: "ready" };
      await this.#firstMap(hand);
      if (isStale()) return;
      this.#follow.push(this.#request());
      this.#deskReady = this.#openDesk(source);
      await this.#deskReady;
      if (isStale()) return;
      this.remap(0);
      this.settle();
    } catch (error) {
      if (!isStale()) this.#fail(error);
    }
  }

  /** Begins again with the same model, after a worker was lost. */
  restart(): void {
    if (this.#source) void this.open(this.#source, this.shown);
  }

  /** What a link brings back. */
  get shown(): Address {
    const { path, metric, view } = this;
    return { path, metric, view, ...this.codes.shown };
  }

  /** Another path, metric or view of the same model. */
  show({ path, metric = { name: "pullback" }, view, ...codes }: Address): void {
    if (view) this.look(view);
    this.codes.show(codes);
    if (path?.every((point) => point.length === this.d)) this.setPath(path);
    if (JSON.stringify(metric) !== JSON.stringify(this.metric)) void this.setMetric(metric);
  }

  /** Ends all work. */
  close(): void {
    this.#generation++;
    clearTimeout(this.#mapTimer);
    this.#mapping?.abort();
    this.#settling?.abort();
    this.#follow.clear();
    this.#hand?.close();
    this.#desk?.close();
    this.#hand = null;
    this.#desk = null;
    this.#deskReady = null;
    this.#curves = undefined;
    this.#goOnFrom = undefined;
    this.#fitted = false;
    this.level = null;
    this.both = null;
    this.settled = null;
    this.spot = null;
    this.codes.selected = null;
    this.around = null;
    this.showsAround = false;
    this.aroundShare = null;
    this.indicatrices = [];
    this.showsIndicatrices = false;
    this.lambdas = [];
  }

  /** The picture has this many pixels now. */
  resize(size: Size): void {
    if (size.width === this.size.width && size.height === this.size.height) return;
    this.size = size;
    if (!this.#fitted) this.fit();
    else this.remap();
  }

  /** Shows all of the data. */
  fit(): void {
    if (this.size.width === 0 || !this.about) return;
    this.#fitted = true;
    this.view = fitting(this.#home(), this.size);
    this.remap();
  }

  look(view: View): void {
    this.view = view;
    this.remap();
  }

  /** Moves a point of the path while a hand drags it. */
  drag(index: number, point: readonly number[]): void {
    this.path = this.path.map((old, i) => (i === index ? point : old));
    this.#restless();
  }

  /** One more point, at the end or before the one of that index. */
  addPoint(point: readonly number[], before = this.path.length): void {
    this.path = [...this.path.slice(0, before), point, ...this.path.slice(before)];
    this.#forgetCurves();
    this.#restless();
    this.settle();
  }

  removePoint(index: number): void {
    if (this.path.length <= 2) return;
    this.path = this.path.filter((_, i) => i !== index);
    this.#forgetCurves();
    this.#restless();
    this.settle();
  }

  setPath(path: readonly (readonly number[])[]): void {
    this.path = path;
    this.#forgetCurves();
    this.#restless();
    this.settle();
  }

  /** Solves to tolerance, when a hand lets go. */
  settle(): void {
    void this.#settle();
    if (this.showsAround) void this.#askAround();
  }

  /** One more point in the middle of the longest leg of the path. */
  splitPath(): void {
    const { both, path, d } = this;
    if (!both) return;
    const legs = path.length - 1;
    const nodes = both.geodesic.curve.length / d - 1;
    const middle = Math.round(nodes * ((legs - 0.5) / legs));
    const point = [...both.geodesic.curve.subarray(middle * d, (middle + 1) * d)];
    this.addPoint(point, path.length - 1);
  }

  /** Equidistance lines around the first end, or none. */
  showAround(wanted: boolean): void {
    this.showsAround = wanted;
    this.around = null;
    if (wanted) void this.#askAround();
  }

  setNearest(count: number): void {
    this.nearest = count;
    void this.#askAround();
  }

  async #askAround(): Promise<void> {
    const ready = this.#deskReady;
    const [x, y] = this.path[0] as readonly number[];
    if (!ready || x === undefined || y === undefined) return;
    this.aroundShare = 0;
    try {
      const answer = await (await ready).ask(
        "around",
        { source: [x, y], nearest: this.nearest },
        {
          onProgress: (share) => {
            this.aroundShare = share;
          },
        },
      );
      if (this.showsAround && ready === this.#deskReady) this.around = answer;
    } catch (error) {
      this.showsAround = false;
      this.#complain(error);
    } finally {
      this.aroundShare = null;
    }
  }

  /** Ellipses of steps that are equally long, or none. */
  showIndicatrices(wanted: boolean): void {
    this.showsIndicatrices = wanted;
    this.indicatrices = [];
    if (wanted) this.remap(0);
  }

  /** Asks once which lambdas make a difference. */
  async findLambdas(): Promise<void> {
    if (this.lambdas.length > 0 || !this.#deskReady) return;
    const ready = this.#deskReady;
    const found = await (await ready).ask("lambdas", null);
    if (ready === this.#deskReady) this.lambdas = found;
  }

  /** Draws two latent axes, or the principal plane of the codes. */
  setAxes(axes: readonly [number, number] | "principal"): void {
    const latents = this.about?.latents ?? new Float32Array(0);
    this.axes = axes;
    this.#setPlane(
      axes === "principal" && latents.length > 0
        ? principalPlane(latents, this.d)
        : coordinatePlane(
            latents.length > 0 ? latents : new Float32Array(this.d),
            this.d,
            ...(axes === "principal" ? ([0, 1] as const) : axes),
          ),
    );
    this.fit();
  }

  /** Where the plane lies along an axis that is not drawn. */
  setSlice(axis: number, value: number): void {
    const { origin, axes } = this.plane;
    this.#setPlane({ origin: origin.map((old, k) => (k === axis ? value : old)), axes });
    this.remap();
  }

  #setPlane(plane: Plane): void {
    this.plane = plane;
    this.points = project(plane, this.about?.latents ?? new Float32Array(0));
  }

  /** Lengths in another metric. A metric that the model lacks something for is refused in words. */
  async setMetric(metric: MetricChoice): Promise<void> {
    const { metric: before } = this;
    this.metric = metric;
    this.notice = null;
    // What is known is of the metric before.
    this.#settling?.abort();
    this.phase = "following";
    this.settled = null;
    try {
      await this.#choose(this.#hand as Client, metric);
      const desk = await this.#deskReady;
      if (desk) await this.#choose(desk, metric);
    } catch (error) {
      this.#complain(error);
      if (this.metric === metric) this.metric = before;
      this.settle();
      return;
    }
    this.#forgetCurves();
    this.#restless();
    this.remap(0);
    this.settle();
  }

  #forgetCurves(): void {
    this.#curves = undefined;
    this.#goOnFrom = undefined;
  }

  #restless(): void {
    this.#settling?.abort();
    this.phase = "following";
    this.settled = null;
    this.#follow.push(this.#request());
  }

  #request(): PathRequest {
    const from = this.#goOnFrom;
    this.#goOnFrom = undefined;
    return { path: Float64Array.from(this.path.flat()), frames: frameCount, from };
  }

  async #settle(): Promise<void> {
    if (!this.#deskReady) return;
    this.#settling?.abort();
    const controller = new AbortController();
    this.#settling = controller;
    this.phase = "settling";
    this.settleShare = 0;
    try {
      const desk = await this.#deskReady;
      if (controller.signal.aborted) return;
      const { path, frames } = this.#request();
      const settled = await desk.ask(
        "settle",
        { path, frames, previous: this.#curves },
        {
          signal: controller.signal,
          onProgress: (share) => {
            this.settleShare = share;
          },
        },
      );
      if (controller.signal.aborted) return;
      this.settled = settled;
      this.both = settled;
      this.#goOnFrom = settled.result.geodesics.map(({ curve }) => Float64Array.from(curve.flat()));
      this.phase = "settled";
      performance.mark("pullback settled");
    } catch (error) {
      if (controller.signal.aborted) return;
      this.phase = "failed";
      this.#complain(error);
    }
  }

  /** The map of what is in view, soon. */
  remap(wait = 250): void {
    clearTimeout(this.#mapTimer);
    this.#mapping?.abort();
    const ready = this.#deskReady;
    if (!ready || this.size.width === 0) return;
    this.#mapTimer = setTimeout(() => {
      const controller = new AbortController();
      this.#mapping = controller;
      ready
        .then((desk) =>
          controller.signal.aborted
            ? null
            : desk.ask(
                "map",
                { plane: this.plane, bounds: boundsOf(this.view, this.size), ...mapSides },
                {
                  signal: controller.signal,
                  onProgress: (level) => {
                    if (controller.signal.aborted) return;
                    this.level = level;
                    performance.mark(`pullback map ${level.side}`);
                  },
                },
              ),
        )
        .catch((error) => {
          if (!controller.signal.aborted) this.#complain(error);
        });
      if (this.showsIndicatrices) this.#askIndicatrices(ready, controller.signal);
    }, wait);
  }

  #askIndicatrices(ready: Promise<Client>, signal: AbortSignal): void {
    const bounds = boundsOf(this.view, this.size);
    ready
      .then((desk) => desk.ask("indicatrices", { plane: this.plane, bounds, side: 13 }))
      .then((found) => {
        if (!signal.aborted && this.showsIndicatrices) this.indicatrices = found;
      })
      .catch((error) => {
        if (!signal.aborted) this.#complain(error);
      });
  }

  /** What the decoder shows at points [n, d]. */
  decode(points: Float64Array): Promise<Float32Array> {
    return this.#hand ? this.#hand.ask("decode", points) : Promise.reject(new LostWorker("closed"));
  }

  #spawn(): Client {
    const generation = this.#generation;
    return client(this.#around.spawn(), (error) => {
      if (generation === this.#generation) this.#fail(error);
    });
  }

  #opening(source: ModelSource, threads: number): OpenRequest {
    return { source, threads, runtime: this.#around.runtime };
  }

  async #openDesk(source: ModelSource): Promise<Client> {
    const desk = this.#spawn();
    this.#desk = desk;
    await desk.ask("open", this.#opening(source, this.#around.threads));
    if (this.metric.name !== "pullback") await this.#choose(desk, this.metric);
    return desk;
  }

  async #choose(worker: Client, metric: MetricChoice): Promise<void> {
    await worker.ask("metric", { ...metric });
    this.metric = metric;
  }

  async #firstMap(hand: Client): Promise<void> {
    if (this.size.width === 0) await new Promise((resume) => requestAnimationFrame(resume));
    if (!this.#fitted) this.fit();
    const bounds = this.size.width ? boundsOf(this.view, this.size) : this.#home();
    const side = mapSides.first;
    await hand.ask(
      "map",
      { plane: this.plane, bounds, first: side, last: side },
      {
        onProgress: (level) => {
          this.level = { ...level, final: false };
          performance.mark("pullback first map");
        },
      },
    );
  }

  #take(about: About, { path, view, ...codes }: Address): void {
    const { latents, description } = about;
    const d = description.latentDimension;
    this.about = about;
    this.axes = "principal";
    this.plane = d > 2 && latents.length > 0 ? principalPlane(latents, d) : axisPlane(d);
    this.points = project(this.plane, latents);
    this.codes.take(about, codes);
    if (view) {
      this.view = view;
      this.#fitted = true;
    }
    this.path =
      path && path.length >= 2 && path.every((point) => point.length === d)
        ? path
        : startPath(latents, this.points, d);
  }

  #home(): Bounds {
    return boundsAround(this.points);
  }

  #complain(error: unknown): void {
    if (error instanceof LostWorker) return;
    this.notice = error instanceof Error ? error.message : String(error);
  }

  #fail(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    const lost = error instanceof LostWorker;
    this.loading = {
      kind: "failed",
      message: lost
        ? `The computation ended unexpectedly (${message}).`
        : error instanceof PlainError
          ? message
          : `Something went wrong: ${message}`,
      canRestart: lost,
    };
  }
}

/** Two codes well apart, and not on opposite sides: far to the left, and far up. */
function startPath(latents: Float32Array, points: Float64Array, d: number): number[][] {
  const n = latents.length / d;
  if (n < 2) return [-1, 1].map((sign) => Array.from({ length: d }, (_, k) => (k < 2 ? sign : 0)));
  const ranked = (axis: 0 | 1, share: number): number => {
    const order = Uint32Array.from({ length: n }, (_, i) => i).sort(
      (i, j) => (points[2 * i + axis] as number) - (points[2 * j + axis] as number),
    );
    return order[Math.floor(share * (n - 1))] as number;
  };
  return [ranked(0, 0.15), ranked(1, 0.95)].map((row) =>
    Array.from(latents.subarray(row * d, (row + 1) * d), (value) => Number(value.toFixed(4))),
  );
}
