/** @file What pointers and keys do on the map: drag an end, pan, pinch, zoom, lasso, pick a code. */
import type { PointCloud } from "../../view/points.ts";
import { nearestPoint, pointsInside } from "../../view/points.ts";
import type { Pixel } from "../../view/transform.ts";
import { panned, toPlane, zoomed } from "../../view/transform.ts";
import type { Explorer } from "../explorer.svelte.ts";
import { ontoPlane } from "../places.ts";

/** What a pointer holds. */
export type Grip =
  | { readonly kind: "handle"; readonly index: number }
  | { readonly kind: "lasso"; readonly line: readonly Pixel[] }
  | { readonly kind: "pan"; readonly last: Pixel };

const arrows: Readonly<Record<string, Pixel>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
/** Pixels. */
const steps = { small: 4, large: 24, pan: 40, pick: 40 } as const;
/** Milliseconds after the last key until the curve settles. */
const rest = 350;

export class Gestures {
  grip = $state.raw<Grip | null>(null);

  readonly #explorer: Explorer;
  readonly #box: () => HTMLElement;
  readonly #cloud: () => PointCloud | null;
  readonly #fingers = new Map<number, Pixel>();
  #restTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(explorer: Explorer, box: () => HTMLElement, cloud: () => PointCloud | null) {
    this.#explorer = explorer;
    this.#box = box;
    this.#cloud = cloud;
  }

  /** Whether a pointer is down. */
  get isHolding(): boolean {
    return this.#fingers.size > 0;
  }

  /** Pixel of the map under a pointer. */
  local(event: MouseEvent): Pixel {
    const { left, top } = this.#box().getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  /** A pointer goes down on a point of the path, or beside all of them. */
  press(event: PointerEvent, index: number | null): void {
    if (event.button !== 0) return;
    const at = this.local(event);
    if (this.#explorer.stage.picking !== null) {
      this.#pick(at);
      return;
    }
    this.#box().setPointerCapture(event.pointerId);
    this.#fingers.set(event.pointerId, at);
    if (index !== null) this.grip = { kind: "handle", index };
    else this.grip = event.shiftKey ? { kind: "lasso", line: [at] } : { kind: "pan", last: at };
  }

  /** A pointer that is down moves. */
  move(event: PointerEvent): void {
    const { grip } = this;
    const { stage } = this.#explorer;
    const at = this.local(event);
    if (this.#fingers.size === 2 && grip?.kind === "pan") {
      this.#pinch(event.pointerId, at);
      return;
    }
    this.#fingers.set(event.pointerId, at);
    if (grip?.kind === "handle") this.#dragTo(grip.index, at);
    else if (grip?.kind === "lasso") this.grip = { kind: "lasso", line: [...grip.line, at] };
    else if (grip?.kind === "pan") {
      stage.look(panned(stage.view, at[0] - grip.last[0], at[1] - grip.last[1]));
      this.grip = { kind: "pan", last: at };
    }
  }

  release(event: PointerEvent): void {
    if (!this.#fingers.delete(event.pointerId)) return;
    const { grip } = this;
    const { stage, codes, curve } = this.#explorer;
    const cloud = this.#cloud();
    if (grip?.kind === "handle") curve.settle();
    if (grip?.kind === "lasso" && cloud) {
      const line = grip.line.map((at) => toPlane(stage.view, stage.size, ...at));
      const inside = pointsInside(cloud, line);
      codes.selected = inside.length > 0 ? inside : null;
    }
    const [last] = this.#fingers.values();
    this.grip = last ? { kind: "pan", last } : null;
  }

  wheel(event: WheelEvent): void {
    event.preventDefault();
    const factor = Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.0016));
    this.zoom(factor, this.local(event));
  }

  /** About the middle of the map by default. */
  zoom(factor: number, about?: Pixel): void {
    const { stage } = this.#explorer;
    const { view, size } = stage;
    stage.look(zoomed(view, size, factor, about ?? [size.width / 2, size.height / 2]));
  }

  /** Keys on a point of the path. */
  handleKeys(event: KeyboardEvent, index: number): void {
    const { curve, stage } = this.#explorer;
    if ((event.key === "Delete" || event.key === "Backspace") && curve.path.length > 2) {
      event.preventDefault();
      curve.remove(index);
      return;
    }
    const arrow = arrows[event.key];
    if (!arrow) return;
    event.preventDefault();
    event.stopPropagation();
    const step = event.shiftKey ? steps.large : steps.small;
    const [x, y] = stage.pixelOf(curve.path[index] as readonly number[]);
    this.#dragTo(index, [x + arrow[0] * step, y + arrow[1] * step]);
    clearTimeout(this.#restTimer);
    this.#restTimer = setTimeout(() => curve.settle(), rest);
  }

  /** Keys on the map itself. */
  mapKeys(event: KeyboardEvent): void {
    const { stage } = this.#explorer;
    const arrow = arrows[event.key];
    if (arrow) stage.look(panned(stage.view, -arrow[0] * steps.pan, -arrow[1] * steps.pan));
    else if (event.key === "+" || event.key === "=") this.zoom(1.25);
    else if (event.key === "-") this.zoom(0.8);
    else if (event.key === "0") stage.fit();
    else if (event.key === "Escape" && stage.picking !== null) stage.picking = null;
    else return;
    event.preventDefault();
  }

  #pinch(finger: number, at: Pixel): void {
    const other = [...this.#fingers].find(([id]) => id !== finger)?.[1] as Pixel;
    const before = this.#fingers.get(finger) as Pixel;
    const apart = (a: Pixel, b: Pixel): number => Math.hypot(a[0] - b[0], a[1] - b[1]);
    const factor = apart(at, other) / Math.max(1, apart(before, other));
    this.#fingers.set(finger, at);
    this.zoom(factor, [(at[0] + other[0]) / 2, (at[1] + other[1]) / 2]);
  }

  #dragTo(index: number, [px, py]: Pixel): void {
    const { stage, curve } = this.#explorer;
    const { size, view, plane } = stage;
    const x = Math.min(size.width, Math.max(0, px));
    const y = Math.min(size.height, Math.max(0, py));
    const old = curve.path[index];
    if (old) curve.drag(index, ontoPlane(plane, old, ...toPlane(view, size, x, y)));
  }

  /** The code under the pointer becomes a point of the plane; where there is none, nothing happens. */
  #pick(at: Pixel): void {
    const { stage, codes } = this.#explorer;
    const cloud = this.#cloud();
    const index = stage.picking;
    if (!cloud || index === null) return;
    const place = toPlane(stage.view, stage.size, ...at);
    const code = nearestPoint(cloud, place, steps.pick / stage.view.scale);
    if (code < 0) return;
    stage.picking = null;
    codes.selected = null;
    this.#explorer.notice = null;
    try {
      stage.setPoint(
        index,
        Array.from(stage.latents.subarray(code * stage.d, (code + 1) * stage.d)),
      );
    } catch (error) {
      this.#explorer.complain(error);
    }
  }
}
