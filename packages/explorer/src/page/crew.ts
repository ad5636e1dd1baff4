/**
 * @file The two workers of a page. The hand answers what is dragged, at once and roughly; the desk
 * refines the map and settles curves to tolerance, however long that takes.
 */
import type { Client, Port } from "../protocol/client.ts";
import { client, LostWorker } from "../protocol/client.ts";
import type { Device, Opened, OpenRequest } from "../protocol/messages.ts";
import type { ModelSource } from "../work/files.ts";

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
  ): Promise<Opened> {
    const hand = this.#spawn(onLost);
    this.#hand = hand;
    return hand.ask("open", this.#opening(source, 1, "wasm"), { onProgress });
  }

  /** The desk opens the same, in the place of the one before, if there was; `prepare` comes before all else. */
  async openDesk(
    source: ModelSource,
    device: Device,
    prepare: (desk: Client, about: Opened) => Promise<void>,
    onLost: (error: LostWorker) => void,
  ): Promise<void> {
    const desk = this.#spawn(onLost);
    const before = this.#desk;
    const opened = async (): Promise<Client> => {
      await before?.then(
        (old) => old.close(),
        () => undefined,
      );
      const about = await desk.ask("open", this.#opening(source, this.#around.threads, device));
      await prepare(desk, about);
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

  #opening(source: ModelSource, threads: number, device: Device): OpenRequest {
    return { source, threads, device, runtime: this.#around.runtime };
  }
}
