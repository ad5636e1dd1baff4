import { describe, expect, test } from "vitest";
import {
  duration,
  type ProgressOptions,
  startProgress,
} from "../../../packages/pullback/src/cli/progress.ts";

/** A progress over a stream that keeps what is written, and a clock that is set by hand. */
function started(isTTY: boolean, options: Partial<ProgressOptions> = {}) {
  const written: string[] = [];
  const clock = { now: 0 };
  const stream = { isTTY, columns: 120, write: (text: string) => written.push(text) };
  const progress = startProgress(
    { label: "training", total: 1000, unit: "steps", ...options },
    stream,
    () => clock.now,
  );
  return { written, clock, progress };
}

describe("on a terminal", () => {
  test("draws label, fraction, rate, time left and fields, at most ten times a second", () => {
    const { written, clock, progress } = started(true);
    progress.update(0);
    for (clock.now = 1; clock.now <= 2000; clock.now++)
      progress.update(clock.now / 8, { bound: -12.345678, lr: "1e-3" });
    expect(written.length).toBeGreaterThan(10);
    expect(written.length).toBeLessThan(23);
    expect(written.at(-1)).toBe(
      `\r\x1b[Ktraining ${"█".repeat(5)}${"░".repeat(15)} 25 %  250/1000  125 steps/s  0:06 left  bound -12.346  lr 1e-3`,
    );
  });

  test("is cut where the window ends, and closes its line in the end", () => {
    const { written, progress } = started(true, { label: "x".repeat(200) });
    progress.update(1000);
    progress.end();
    expect(written[0]?.length).toBeLessThanOrEqual(4 + 119);
    expect(written.at(-1)).toBe("\n");
  });
});

describe("elsewhere", () => {
  test("says a line every ten seconds, and the last state", () => {
    const { written, clock, progress } = started(false, { done: 500 });
    for (clock.now = 0; clock.now < 25_000; clock.now += 100)
      progress.update(500 + clock.now / 50, { bound: "-1" });
    progress.update(1000, { bound: "-2" });
    progress.end();
    expect(written).toEqual([
      "training: 70 %, 700/1000, 20 steps/s, 0:15 left, bound -1\n",
      "training: 90 %, 900/1000, 20 steps/s, 0:05 left, bound -1\n",
      "training: 100 %, 1000/1000, 20 steps/s, in 0:25, bound -2\n",
    ]);
  });

  test("says its last state once, also where that came with the clock", () => {
    const { written, clock, progress } = started(false);
    clock.now = 11_000;
    progress.update(1000);
    progress.end();
    expect(written).toEqual(["training: 100 %, 1000/1000, 91 steps/s, in 0:11\n"]);
  });

  test("says nothing of what is over soon", () => {
    const { written, clock, progress } = started(false);
    clock.now = 3000;
    progress.update(1000);
    progress.end();
    expect(written).toEqual([]);
  });
});

test("a duration is hours, minutes and seconds", () => {
  expect([0.2, 42, 185, 3723].map(duration)).toEqual(["0:00", "0:42", "3:05", "1:02:03"]);
});
