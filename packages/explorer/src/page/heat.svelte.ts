/** @file The map of magnification over what is in view, and indicatrices on a grid of it. */
import type { Indicatrix } from "pullback-core";
import type { Client } from "../protocol/client.ts";
import type { MapLevel } from "../work/refine.ts";
import type { Crew } from "./crew.ts";
import type { Stage } from "./stage.svelte.ts";

const sides = { first: 33, last: 257 } as const;
const indicatrixSide = 13;

export class Heat {
  level = $state.raw<MapLevel | null>(null);
  indicatrices = $state.raw<readonly Indicatrix[]>([]);
  showsIndicatrices = $state(false);

  readonly #crew: Crew;
  readonly #stage: Stage;
  #asking: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(crew: Crew, stage: Stage) {
    this.#crew = crew;
    this.#stage = stage;
  }

  /** The coarsest level, from the hand, before the desk is there. */
  async first(): Promise<void> {
    const { plane, bounds } = this.#stage;
    await this.#crew.hand.ask(
      "map",
      { plane, bounds, first: sides.first, last: sides.first },
      {
        onProgress: (level) => {
          this.level = { ...level, final: false };
          performance.mark("pullback first map");
        },
      },
    );
  }

  /** The map of what is in view, soon. */
  ask(wait = 250): void {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    const { desk } = this.#crew;
    if (!desk || this.#stage.size.width === 0) return;
    this.#timer = setTimeout(() => {
      const controller = new AbortController();
      const { signal } = controller;
      this.#asking = controller;
      const asked = [
        this.#refine(desk, signal),
        ...(this.showsIndicatrices ? [this.#askIndicatrices(desk, signal)] : []),
      ];
      for (const each of asked)
        each.catch((error) => {
          if (!signal.aborted) this.#crew.complain(error);
        });
    }, wait);
  }

  async #refine(desk: Promise<Client>, signal: AbortSignal): Promise<void> {
    const ready = await desk;
    if (signal.aborted) return;
    const { plane, bounds } = this.#stage;
    await ready.ask(
      "map",
      { plane, bounds, ...sides },
      {
        signal,
        onProgress: (level) => {
          if (signal.aborted) return;
          this.level = level;
          performance.mark(`pullback map ${level.side}`);
        },
      },
    );
  }

  async #askIndicatrices(desk: Promise<Client>, signal: AbortSignal): Promise<void> {
    const { plane, bounds } = this.#stage;
    const found = await (await desk).ask("indicatrices", { plane, bounds, side: indicatrixSide });
    if (!signal.aborted && this.showsIndicatrices) this.indicatrices = found;
  }

  /** Ellipses of steps that are equally long, or none. */
  showIndicatrices(wanted: boolean): void {
    this.showsIndicatrices = wanted;
    this.indicatrices = [];
    if (wanted) this.ask(0);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.level = null;
    this.indicatrices = [];
    this.showsIndicatrices = false;
  }
}
