import { expect, test } from "vitest";
import { latest } from "../../../packages/explorer/src/protocol/latest.ts";

function slow() {
  const asked: number[] = [];
  const answers: (() => void)[] = [];
  const taken: number[] = [];
  const failed: unknown[] = [];
  const channel = latest<number, number>(
    (value) =>
      new Promise((resolve, reject) => {
        asked.push(value);
        answers.push(() => (value < 0 ? reject(new Error("no")) : resolve(10 * value)));
      }),
    (answer) => taken.push(answer),
    (error) => failed.push(error),
  );
  const settle = async (): Promise<void> => {
    answers.shift()?.();
    await new Promise((resume) => setTimeout(resume, 0));
  };
  return { channel, asked, taken, failed, settle };
}

test("of what comes meanwhile only the last is asked", async () => {
  const { channel, asked, taken, settle } = slow();
  for (const value of [1, 2, 3, 4]) channel.push(value);
  expect(asked).toEqual([1]);
  await settle();
  expect(asked).toEqual([1, 4]);
  await settle();
  expect(taken).toEqual([10, 40]);
  expect(channel.busy).toBe(false);
});

test("a failure does not block what waits", async () => {
  const { channel, taken, failed, settle } = slow();
  channel.push(-1);
  channel.push(2);
  await settle();
  await settle();
  expect(failed).toHaveLength(1);
  expect(taken).toEqual([20]);
});

test("what was asked before clear is not handed over", async () => {
  const { channel, asked, taken, settle } = slow();
  channel.push(1);
  channel.push(2);
  channel.clear();
  await settle();
  expect(asked).toEqual([1]);
  expect(taken).toEqual([]);
});
