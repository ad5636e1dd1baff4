/**
 * @file The path and what joins its points: the geodesic and the straight line. They follow while a
 * hand drags, warm and roughly, latest wins; they settle to tolerance when it lets go.
 */
import type { Latest } from "../protocol/latest.ts";
import { latest } from "../protocol/latest.ts";
import type { PathRequest, Settled } from "../work/session.ts";
import type { Both } from "../work/track.ts";
import type { Crew } from "./crew.ts";

/** What the curves are. */
export type Phase = "following" | "settling" | "settled" | "failed";

type Point = readonly number[];

export const frameCount = 11;

export class Curve {
  /** Points of latent space that the curve joins, two or more. */
  path = $state.raw<readonly Point[]>([]);
  both = $state.raw<Both | null>(null);
  settled = $state.raw<Settled | null>(null);
  phase = $state.raw<Phase>("following");
  /** Where both curves are looked at, 0 to 1. */
  spot = $state.raw<number | null>(null);

  readonly #crew: Crew;
  readonly #rested: () => void;
  readonly #following: Latest<PathRequest>;
  #settling: AbortController | null = null;
  /** What following found last, one a leg: a start for the next. */
  #curves: readonly Float64Array[] | undefined;
  #goOnFrom: readonly Float64Array[] | undefined;

  /** `rested` is called when the path has come to rest. */
  constructor(crew: Crew, rested: () => void) {
    this.#crew = crew;
    this.#rested = rested;
    this.#following = latest(
      async (request: PathRequest) => crew.hand.ask("follow", request),
      (answer) => {
        if (this.phase !== "following") return;
        const { curves, ...both } = answer;
        this.#curves = curves;
        this.both = both;
        performance.mark("pullback follow");
      },
      crew.complain,
    );
  }

  /** Moves a point of the path while a hand drags it. */
  drag(index: number, point: Point): void {
    this.path = this.path.map((old, i) => (i === index ? point : old));
    this.follow();
  }

  /** One more point, before the one of that index. */
  add(point: Point, before: number): void {
    this.setPath([...this.path.slice(0, before), point, ...this.path.slice(before)]);
  }

  /** One more point in the middle of the longest leg of the path. */
  split(): void {
    const { both, path } = this;
    const d = path[0]?.length;
    if (!both || !d) return;
    const legs = path.length - 1;
    const nodes = both.geodesic.curve.length / d - 1;
    const middle = Math.round(nodes * ((legs - 0.5) / legs));
    this.add([...both.geodesic.curve.subarray(middle * d, (middle + 1) * d)], legs);
  }

  /** The ends stay. */
  remove(index: number): void {
    if (this.path.length > 2) this.setPath(this.path.filter((_, i) => i !== index));
  }

  setPath(path: readonly Point[]): void {
    this.path = path;
    this.begin();
  }

  /** From nothing: what was found is of another path or metric. */
  begin(): void {
    this.#curves = undefined;
    this.#goOnFrom = undefined;
    this.follow();
    this.settle();
  }

  /** What is known is not to be shown as settled any more. */
  interrupt(): void {
    this.#settling?.abort();
    this.phase = "following";
    this.settled = null;
  }

  follow(): void {
    this.interrupt();
    const from = this.#goOnFrom;
    this.#goOnFrom = undefined;
    this.#following.push({ ...this.#request(), from });
  }

  /** Solves to tolerance, when a hand lets go. */
  settle(): void {
    void this.#settle();
    this.#rested();
  }

  close(): void {
    this.interrupt();
    this.#following.clear();
    this.#curves = undefined;
    this.#goOnFrom = undefined;
    this.both = null;
    this.spot = null;
  }

  #request(): Omit<PathRequest, "from"> {
    return { path: Float64Array.from(this.path.flat()), frames: frameCount };
  }

  async #settle(): Promise<void> {
    const { desk } = this.#crew;
    if (!desk) return;
    this.#settling?.abort();
    const controller = new AbortController();
    const { signal } = controller;
    this.#settling = controller;
    this.phase = "settling";
    try {
      const ready = await desk;
      if (signal.aborted) return;
      const asked = { ...this.#request(), previous: this.#curves };
      const settled = await ready.ask("settle", asked, { signal });
      if (signal.aborted) return;
      this.settled = settled;
      this.both = settled;
      this.#goOnFrom = settled.result.geodesics.map(({ curve }) => Float64Array.from(curve.flat()));
      this.phase = "settled";
      performance.mark("pullback settled");
    } catch (error) {
      if (signal.aborted) return;
      this.phase = "failed";
      this.#crew.complain(error);
    }
  }
}

/** Two codes well apart, and not on opposite sides: far to the left, and far up. */
export function startPath(latents: Float32Array, points: Float64Array, d: number): number[][] {
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
