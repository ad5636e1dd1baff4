/** @file `pullback worker`: computes tiles of distance matrices that others send to a queue. */
import { command } from "./command.ts";
import { option, text } from "./options.ts";

export const worker = command({
  name: "worker",
  summary: "take tiles of distance matrices from a queue, until interrupted",
  arguments: {},
  options: {
    queue: option("URL", "Redis that holds the queue, such as redis://127.0.0.1:6379", text),
  },
  async run({ options, signal, note }) {
    // Late: loading BullMQ takes longer than many a command.
    const { runWorker } = await import("../jobs/queue/worker.ts");
    let count = 0;
    note(`waiting for tiles from ${options.queue}; Ctrl-C ends`);
    await runWorker({
      url: options.queue,
      signal,
      note,
      onTile: () => count++,
      onFailed: (folder, tile, reason) => note(`${folder}: tile ${tile} failed: ${reason}`),
    });
    return { text: `${count} tiles`, json: { tiles: count } };
  },
});
