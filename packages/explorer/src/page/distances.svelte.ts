/** @file Lines of equal distance around the first end of the path, and the codes nearest to it. */
import type { Around } from "../work/around.ts";
import type { Crew } from "./crew.ts";

export class Distances {
  around = $state.raw<Around | null>(null);
  /** Whether they are asked for. */
  shows = $state(false);
  /** How much is done while they are computed. */
  share = $state<number | null>(null);
  /** Codes that are named as nearest. */
  nearest = $state(50);

  readonly #crew: Crew;
  readonly #source: () => readonly number[] | undefined;

  /** `source` says where distances are counted from. */
  constructor(crew: Crew, source: () => readonly number[] | undefined) {
    this.#crew = crew;
    this.#source = source;
  }

  show(wanted: boolean): void {
    this.shows = wanted;
    this.around = null;
    this.ask();
  }

  setNearest(count: number): void {
    this.nearest = count;
    this.ask();
  }

  /** Asks again where they are shown. */
  ask(): void {
    if (this.shows) void this.#ask();
  }

  close(): void {
    this.around = null;
    this.shows = false;
    this.share = null;
  }

  async #ask(): Promise<void> {
    const { desk } = this.#crew;
    const [x, y] = this.#source() ?? [];
    if (!desk || x === undefined || y === undefined) return;
    this.share = 0;
    try {
      const answer = await (await desk).ask(
        "around",
        { source: [x, y], nearest: this.nearest },
        {
          onProgress: (share) => {
            this.share = share;
          },
        },
      );
      if (this.shows && desk === this.#crew.desk) this.around = answer;
    } catch (error) {
      this.shows = false;
      this.#crew.complain(error);
    } finally {
      this.share = null;
    }
  }
}
