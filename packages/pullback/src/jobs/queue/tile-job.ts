/** @file What coordinator and workers agree on: the queue's name, what a job of it says, how often it is tried. */

/** A reference; everything else lies in the store. */
export interface TileJob {
  /** The store, for those that see it. */
  readonly folder: string;
  /** Which store that is, and where others ask for what is in it. */
  readonly store: string;
  readonly tile: number;
}

export const queueName = "pullback-distances";

/** A tile is given up when it has failed, or cost its worker, this many times. */
export const attempts = 3;
