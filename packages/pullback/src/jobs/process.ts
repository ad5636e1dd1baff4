/** @file A process of the pool: opens the store, then computes the tiles that it is sent. */
import { openStore } from "../files/distance-store.ts";
import type { Message } from "./child.ts";
import { openWorker } from "./distances.ts";

const say = (message: Message): void => {
  process.send?.(message);
};

// The parent is gone: nobody wants what comes.
process.on("disconnect", () => process.exit(0));

const [folder = ""] = process.argv.slice(2);
const store = await openStore(folder);
if (!store) throw new Error(`no store in ${folder}`);
const worker = await openWorker(store);
process.on("message", async (tile: number) => {
  try {
    await worker.compute(tile);
    say({ kind: "done" });
  } catch (error) {
    say({ kind: "failed", reason: error instanceof Error ? error.message : String(error) });
  }
});
say({ kind: "ready" });
