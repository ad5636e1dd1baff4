/**
 * @file The two workers of a page. The hand answers what is dragged, at once and roughly; the desk
 * refines the map and settles curves to tolerance, however long that takes.
 */
import type { Client, Port } from "../protocol/client.ts";
import { client, LostWorker } from "../protocol/client.ts";
import type { ModelSource, OpenRequest } from "../protocol/messages.ts";
import type { About } from "../work/session.ts";

export interface Surroundings {
  /** A fresh worker. */
  spawn(): Port;
  readonly runtime: OpenRequest["runtime"];
  /** Threads of the desk; the hand has one. */
  readonly threads: number;
}

export class Crew {
  readonly #around: Surroundings;
  /** Hears what went wrong and is no reason to stop. */
  readonly complain: (error: unknown) => void;
  #clients: Client[] = [];
  #hand: Client | null = null;
  #desk: Promise<Client> | null = null;

  constructor(around: Surroundings, complain: (error: unknown) => void) {
    this.#around = around;
    this.complain = complain;
  }

  /** Throws where no model is open. */
  get hand(): Client {
    if (!this.#hand) throw new LostWorker("closed");
    return this.#hand;
  }

  /** Null until it was asked to open; another one, another model. */
  get desk(): Promise<Client> | null {
    return this.#desk;
  }

  /** The hand opens a model. `onLost` is called when a worker dies by itself. */
  async open(
    source: ModelSource,
    onProgress: (share: number) => void,
    onLost: (error: LostWorker) => void,
  ): Promise<About> {
    const hand = this.#spawn(onLost);
    this.#hand = hand;
    return hand.ask("open", this.#opening(source, 1), { onProgress });
  }

  /** The desk opens the same; `prepare` is done before anything else is asked of it. */
  async openDesk(
    source: ModelSource,
    prepare: (desk: Client) => Promise<void>,
    onLost: (error: LostWorker) => void,
  ): Promise<void> {
    const opened = async (): Promise<Client> => {
      const desk = this.#spawn(onLost);
      await desk.ask("open", this.#opening(source, this.#around.threads));
      await prepare(desk);
      return desk;
    };
    this.#desk = opened();
    await this.#desk;
  }

  close(): void {
    for (const each of this.#clients) each.close();
    this.#clients = [];
    this.#hand = null;
    this.#desk = null;
  }

  #spawn(onLost: (error: LostWorker) => void): Client {
    const spawned = client(this.#around.spawn(), onLost);
    this.#clients.push(spawned);
    return spawned;
  }

  #opening(source: ModelSource, threads: number): OpenRequest {
    return { source, threads, runtime: this.#around.runtime };
  }
}
