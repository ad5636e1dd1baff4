/** @file What part of latent space is on the screen: a plane of it, and the view of that plane. */
import type { Bounds, Plane } from "pullback-core";
import { boundsAround, project } from "pullback-core";
import type { PlaneChoice } from "../view/plane.ts";
import { middleOf, planeOf, suits } from "../view/plane.ts";
import type { Pixel, Size, View } from "../view/transform.ts";
import { boundsOf, fitting, toPixel } from "../view/transform.ts";
import type { About } from "../work/session.ts";
import { inPlane } from "./places.ts";

/** What a link brings back of it. */
export interface StageShown {
  readonly plane?: PlaneChoice;
  readonly view?: View;
}

export class Stage {
  /** Codes, [n, d]. */
  latents = $state.raw(new Float32Array(0));
  d = $state.raw(2);
  choice = $state.raw<PlaneChoice>({ kind: "principal" });
  readonly plane: Plane = $derived(planeOf(this.choice, this.latents, this.d));
  /** Codes in the plane's coordinates, [n, 2]. */
  readonly points = $derived(project(this.plane, this.latents));
  /** Which of the three points that make the plane is picked on the map next. */
  picking = $state.raw<0 | 1 | 2 | null>(null);
  /** Pixels of the picture. */
  size = $state.raw<Size>({ width: 0, height: 0 });
  view = $state.raw<View>({ x: 0, y: 0, scale: 1 });

  readonly #changed: () => void;
  #fitted = false;

  /** `changed` is called when something else is to be seen. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  take({ latents, description }: About, { plane, view }: StageShown): void {
    this.choice = { kind: "principal" };
    this.picking = null;
    this.latents = latents as Float32Array<ArrayBuffer>;
    this.d = description.latentDimension;
    if (plane) this.#choose(plane);
    this.#fitted = view !== undefined;
    if (view) this.view = view;
  }

  get shown(): StageShown {
    return { view: this.view, plane: this.choice };
  }

  show({ plane = { kind: "principal" }, view }: StageShown): void {
    if (JSON.stringify(plane) !== JSON.stringify(this.choice)) this.#choose(plane);
    if (view) this.look(view);
  }

  /** A point of latent space, or its shadow on the plane, on the screen. */
  pixelOf(point: ArrayLike<number>): Pixel {
    return toPixel(this.view, this.size, ...inPlane(this.plane, point));
  }

  /** What is in view; all of the data before there is a picture. */
  get bounds(): Bounds {
    if (!this.#fitted) this.fit();
    return this.size.width > 0 ? boundsOf(this.view, this.size) : boundsAround(this.points);
  }

  resize(size: Size): void {
    if (size.width === this.size.width && size.height === this.size.height) return;
    this.size = size;
    if (!this.#fitted) this.fit();
    else this.#changed();
  }

  /** Shows all of the data. */
  fit(): void {
    if (this.size.width === 0) return;
    this.#fitted = true;
    this.view = fitting(boundsAround(this.points), this.size);
    this.#changed();
  }

  look(view: View): void {
    this.view = view;
    this.#changed();
  }

  /** Draws another plane. Throws `InputError` where the choice makes none. */
  choose(choice: PlaneChoice): void {
    planeOf(choice, this.latents, this.d);
    this.choice = choice;
    this.fit();
  }

  /** Puts one of the three points of the plane elsewhere. Throws `InputError` as `choose` does. */
  setPoint(index: 0 | 1 | 2, point: readonly number[]): void {
    const { choice } = this;
    if (choice.kind !== "points") return;
    const [a, b, c] = choice.points.map((old, i) => (i === index ? point : old));
    this.choose({ kind: "points", points: [a, b, c] as (typeof choice)["points"] });
  }

  /** Where a plane of two axes lies along another axis. */
  slice(axis: number, value: number): void {
    const { choice } = this;
    if (choice.kind !== "axes") return;
    const at = choice.at ?? middleOf(this.latents, this.d);
    this.choice = { ...choice, at: at.map((old, k) => (k === axis ? value : old)) };
    this.#changed();
  }

  /** A choice from a link: what does not fit is left out. */
  #choose(choice: PlaneChoice): void {
    if (!suits(choice, this.d)) return;
    try {
      this.choose(choice);
    } catch {
      // Three points on one line.
    }
  }
}
