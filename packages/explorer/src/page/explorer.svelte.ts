/** @file The state of a page: a model, a metric, and what is shown of them. */
import type { MetricChoice } from "pullback-core";
import type { Client } from "../protocol/client.ts";
import { LostWorker, PlainError } from "../protocol/client.ts";
import type { Device, Opened } from "../protocol/messages.ts";
import type { ModelSource } from "../work/files.ts";
import type { Address } from "./address.ts";
import { Codes } from "./codes.svelte.ts";
import type { Surroundings } from "./crew.ts";
import { Crew } from "./crew.ts";
import { Curve, startPath } from "./curve.svelte.ts";
import { Distances } from "./distances.svelte.ts";
import { Heat } from "./heat.svelte.ts";
import { Stage } from "./stage.svelte.ts";

/** How it stands with the model. */
export type Loading =
  | { readonly kind: "empty" }
  | { readonly kind: "loading"; readonly share: number }
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly message: string; readonly canRestart: boolean };

export class Explorer {
  loading = $state.raw<Loading>({ kind: "empty" });
  about = $state.raw<Opened | null>(null);
  metric = $state.raw<MetricChoice>({ name: "pullback" });
  /** Lambdas that make a difference to the smoothed metric; empty while unknown. */
  lambdas = $state.raw<readonly number[]>([]);
  /** What the map and the settled curves are wished to be computed on. */
  device = $state.raw<Device>("wasm");
  /** What they are computed on, and why it is not what was wished for; null while that opens. */
  engine = $state.raw<{ readonly name: string; readonly note?: string } | null>(null);
  /** A complaint that is no reason to stop. */
  notice = $state.raw<string | null>(null);

  readonly #crew: Crew;
  readonly codes = new Codes();
  readonly stage: Stage;
  readonly heat: Heat;
  readonly curve: Curve;
  readonly distances: Distances;
  #source: ModelSource | null = null;
  /** Answers to earlier models are not wanted. */
  #generation = 0;

  constructor(around: Surroundings) {
    this.#crew = new Crew(around, (error) => this.complain(error));
    this.stage = new Stage(() => this.heat.ask());
    this.heat = new Heat(this.#crew, this.stage);
    this.curve = new Curve(this.#crew, () => this.distances.ask());
    this.distances = new Distances(this.#crew, () => this.curve.path[0]);
  }

  get source(): ModelSource | null {
    return this.#source;
  }

  get d(): number {
    return this.about?.description.latentDimension ?? 2;
  }

  /** Opens a model, in the state of a link where there is one; what was open is closed. */
  async open(source: ModelSource, start: Address = {}): Promise<void> {
    this.close();
    const generation = this.#generation;
    const isStale = (): boolean => generation !== this.#generation;
    const fail = (error: unknown): void => {
      if (!isStale()) this.#fail(error);
    };
    this.#source = source;
    this.loading = { kind: "loading", share: 0 };
    this.notice = null;
    try {
      const about = await this.#crew.open(
        source,
        (share) => {
          if (!isStale()) this.loading = { kind: "loading", share };
        },
        fail,
      );
      if (isStale()) return;
      this.#take(about, start);
      this.metric = { name: "pullback" };
      if (start.metric && start.metric.name !== "pullback")
        await this.#choose(this.#crew.hand, start.metric).catch((error) => this.complain(error));
      if (isStale()) return;
      this.loading = { kind: "ready" };
      if (this.stage.size.width === 0) await new Promise((resume) => requestAnimationFrame(resume));
      await this.heat.first();
      if (isStale()) return;
      this.curve.follow();
      this.device = start.engine ?? "wasm";
      await this.#openDesk(source, fail);
      if (isStale()) return;
      this.heat.ask(0);
      this.curve.settle();
    } catch (error) {
      fail(error);
    }
  }

  /** Begins again with the same model, after a worker was lost. */
  restart(): void {
    if (this.#source) void this.open(this.#source, this.shown);
  }

  /** What a link brings back. */
  get shown(): Address {
    const { metric } = this;
    const { path } = this.curve;
    return { path, metric, engine: this.device, ...this.stage.shown, ...this.codes.shown };
  }

  /** Another path, metric or view of the same model. */
  show({ path, metric = { name: "pullback" }, engine = "wasm", ...more }: Address): void {
    this.stage.show(more);
    this.codes.show(more);
    if (path?.every((point) => point.length === this.d)) this.curve.setPath(path);
    if (JSON.stringify(metric) !== JSON.stringify(this.metric)) void this.setMetric(metric);
    if (engine !== this.device) void this.setDevice(engine);
  }

  /** Ends all work. */
  close(): void {
    this.#generation++;
    this.heat.close();
    this.curve.close();
    this.distances.close();
    this.#crew.close();
    this.codes.selected = null;
    this.lambdas = [];
    this.engine = null;
  }

  /** Asks once which lambdas make a difference. */
  async findLambdas(): Promise<void> {
    const { desk } = this.#crew;
    if (this.lambdas.length > 0 || !desk) return;
    const found = await (await desk).ask("lambdas", null);
    if (desk === this.#crew.desk) this.lambdas = found;
  }

  /** Lengths in another metric. A metric that the model lacks something for is refused in words. */
  async setMetric(metric: MetricChoice): Promise<void> {
    const { metric: before } = this;
    this.metric = metric;
    this.notice = null;
    this.curve.interrupt();
    try {
      await this.#choose(this.#crew.hand, metric);
      const desk = await this.#crew.desk;
      if (desk) await this.#choose(desk, metric);
    } catch (error) {
      this.complain(error);
      if (this.metric === metric) this.metric = before;
      this.curve.settle();
      return;
    }
    this.heat.ask(0);
    this.curve.begin();
  }

  /** Maps and settled curves on something else, where that can be had. */
  async setDevice(device: Device): Promise<void> {
    const source = this.#source;
    if (!source || this.loading.kind !== "ready") return;
    const generation = this.#generation;
    const fail = (error: unknown): void => {
      if (generation === this.#generation) this.#fail(error);
    };
    this.device = device;
    this.curve.interrupt();
    try {
      await this.#openDesk(source, fail);
      if (generation !== this.#generation) return;
      this.heat.ask(0);
      this.curve.settle();
    } catch (error) {
      fail(error);
    }
  }

  #openDesk(source: ModelSource, onLost: (error: LostWorker) => void): Promise<void> {
    this.engine = null;
    const prepare = async (desk: Client, { engine, engineNote }: Opened): Promise<void> => {
      await this.#choose(desk, this.metric);
      this.engine = { name: engine, note: engineNote };
    };
    return this.#crew.openDesk(source, this.device, prepare, onLost);
  }

  /** What the decoder shows at points [n, d]. */
  async decode(points: Float64Array): Promise<Float32Array> {
    return this.#crew.hand.ask("decode", points);
  }

  /** The observation that the code of a row stands for; null where none is known, and why is said. */
  async original(code: number): Promise<Float32Array | null> {
    if (!this.about?.hasOriginals) return null;
    try {
      return await this.#crew.hand.ask("original", code);
    } catch (error) {
      this.complain(error);
      return null;
    }
  }

  /** Says what went wrong where that is no reason to stop; a lost worker is one. */
  complain(error: unknown): void {
    if (error instanceof LostWorker) return;
    this.notice = error instanceof Error ? error.message : String(error);
  }

  async #choose(worker: Client, metric: MetricChoice): Promise<void> {
    await worker.ask("metric", { ...metric });
    this.metric = metric;
  }

  #take(about: Opened, { path, ...more }: Address): void {
    const { latents, description } = about;
    const d = description.latentDimension;
    this.about = about;
    this.stage.take(about, more);
    this.codes.take(about, more);
    this.curve.path =
      path && path.length >= 2 && path.every((point) => point.length === d)
        ? path
        : startPath(latents, this.stage.points, d);
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
