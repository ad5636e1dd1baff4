/** @file Distances over a queue on a real Redis: the same bytes as one process, whoever dies. */
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DistanceStore } from "../../packages/pullback/src/files/distance-store.ts";
import { openStore } from "../../packages/pullback/src/files/distance-store.ts";
import { runQueue } from "../../packages/pullback/src/jobs/queue/coordinator.ts";
import { runWorker } from "../../packages/pullback/src/jobs/queue/worker.ts";
import type { Fleet, Running } from "./fleet.ts";
import { fleet, present, until } from "./fleet.ts";

const tiles = 6;
const signal = new AbortController().signal;

describe.skipIf(!present)("distances over a queue", () => {
  let machines: Fleet;
  let redis: Running;
  let workers: [Running, Running];

  beforeAll(async () => {
    machines = await fleet();
    redis = await machines.startRedis();
    workers = [await machines.startWorker(), await machines.startWorker()];
    // What all others are held against: one process.
    expect(machines.distances("--out", "one.npy", "--workers", "1").status).toBe(0);
  }, 300_000);
  afterAll(() => machines?.end());

  const done = (name: string): number => {
    const folder = machines.path(`${name}.parts`, "pullback", "tiles");
    return existsSync(folder)
      ? readdirSync(folder).filter((one) => !one.startsWith(".")).length
      : 0;
  };

  /** A store that one share has begun: its first tile is there. */
  async function begun(out: string): Promise<DistanceStore> {
    const share = ["--shard", `1/${tiles}`, "--workers", "1"];
    expect(machines.distances("--out", out, ...share).status).toBe(0);
    return (await openStore(machines.path(`${out}.parts`))) as DistanceStore;
  }

  /** As a coordinator on a machine whose disk no worker sees. */
  const sendUnseen = (store: DistanceStore, more: { patience?: number } = {}): Promise<void> =>
    runQueue({
      url: machines.url,
      store: { ...store, folder: machines.path("nowhere", "d.zarr") },
      tiles: Array.from({ length: tiles - 1 }, (_, i) => i + 1),
      signal,
      onTile: () => {},
      note: () => {},
      ...more,
    });

  const sameAsOne = (out: string): void =>
    expect(machines.bytes(out).equals(machines.bytes("one.npy"))).toBe(true);

  test("local processes, and shares of an array job: the same bytes", () => {
    expect(machines.distances("--out", "processes.npy", "--workers", "2").status).toBe(0);
    sameAsOne("processes.npy");
    for (const share of ["1/2", "2/2"])
      expect(machines.distances("--out", "shares.npy", "--shard", share).status).toBe(0);
    expect(machines.distances("--out", "shares.npy", "--merge").status).toBe(0);
    sameAsOne("shares.npy");
  }, 300_000);

  test("a disk that workers do not see: files and tiles go through Redis, the same bytes", async () => {
    const store = await begun("unseen.npy");
    await sendUnseen(store);
    expect(workers.map((worker) => worker.said()).join()).toMatch(/nowhere.*not seen from here/);
    expect(machines.distances("--out", "unseen.npy", "--merge").status).toBe(0);
    sameAsOne("unseen.npy");
  }, 300_000);

  test("another store under the same path is not the one that was meant", async () => {
    const [store, other] = [await begun("mine.npy"), await begun("other.npy")];
    await runQueue({
      ...{ url: machines.url, signal, onTile: () => {}, note: () => {} },
      store: { ...store, folder: other.folder },
      tiles: [1, 2],
    });
    expect([...(await store.done())]).toEqual([0, 1, 2]);
    expect([...(await other.done())]).toEqual([0]);
  }, 300_000);

  test("a worker that dies in the middle, where the disk is shared and where it is not", async () => {
    for (const shared of [true, false]) {
      const out = `killed-${shared}.npy`;
      const store = shared ? null : await begun(out);
      const sent = shared ? machines.send("--out", out).ended : sendUnseen(store as DistanceStore);
      await until(() => done(out) > 1);
      workers[0].child.kill("SIGKILL");
      expect(done(out)).toBeLessThan(tiles);
      await sent;
      if (!shared) expect(machines.distances("--out", out, "--merge").status).toBe(0);
      sameAsOne(out);
      workers[0] = await machines.startWorker();
    }
  }, 300_000);

  test("a tile that fails three times ends the run with its number; --resume tries it afresh", async () => {
    await begun("poisoned.npy");
    const chunk = machines.path("poisoned.npy.parts", "c", "0", "1");
    mkdirSync(chunk);
    const sent = machines.send("--out", "poisoned.npy", "--resume");
    expect(await sent.ended).toBe(1);
    expect(sent.said()).toMatch(/tile 1: cannot write .*expected a file, got a folder/);
    const failures = workers.flatMap((worker) => worker.said().match(/tile 1 failed/g) ?? []);
    expect(failures).toHaveLength(3);
  }, 300_000);

  test("a disk that is full where tiles arrive ends the run", async () => {
    const store = await begun("full.npy");
    const full = Object.assign(new Error("no space"), { code: "ENOSPC" });
    const broken = { ...store, writeChunk: () => Promise.reject(full) };
    await expect(sendUnseen(broken)).rejects.toThrow("no space");
    // Nobody answers any more, and workers that ask are not left waiting.
    const asking = new Redis(machines.url);
    expect(await asking.exists(`pullback:${store.identity}:here`)).toBe(0);
    asking.disconnect();
  }, 300_000);

  test("Redis stops in the middle and comes back empty: the same bytes", async () => {
    const sent = machines.send("--out", "back.npy");
    await until(() => done("back.npy") > 1);
    redis.child.kill("SIGKILL");
    await sent.says(/Redis is gone; waiting for it/);
    redis = await machines.startRedis();
    expect(await sent.ended).toBe(0);
    expect(sent.said()).toContain("Redis is back");
    sameAsOne("back.npy");
  }, 300_000);

  test("Redis never comes back: said after a while, with what is done kept", async () => {
    const store = await begun("gone.npy");
    const sent = expect(sendUnseen(store, { patience: 1_500 })).rejects.toThrow(
      /Redis has been gone for 2 s; what is done is kept, --resume goes on/,
    );
    await until(() => done("gone.npy") > 1);
    redis.child.kill("SIGKILL");
    await sent;
    expect((await store.done()).size).toBeGreaterThan(1);
    expect(machines.distances("--out", "gone.npy", "--resume").status).toBe(0);
    sameAsOne("gone.npy");
  }, 300_000);

  test("a worker whose Redis never comes back ends too", async () => {
    redis = await machines.startRedis();
    const working = runWorker({
      ...{ url: machines.url, signal, patience: 500 },
      ...{ note: () => {}, onTile: () => {}, onFailed: () => {} },
    });
    const ended = expect(working).rejects.toThrow(/Redis has been gone for 1 s/);
    await new Promise((wait) => setTimeout(wait, 300));
    redis.child.kill("SIGKILL");
    await ended;
  });

  test("no Redis: one line that says how to have one, before the codes are read", () => {
    const queue = ["--queue", "redis://127.0.0.1:9", "--latents", "none.csv"];
    const { status, stderr } = machines.distances(...queue, "--out", "none.npy");
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /redis:\/\/127\.0\.0\.1:9: expected a Redis that answers, got .*redis-server/,
    );
  });
});
