import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { InputError, motionChannels, readAmc, readAsf } from "pullback-core";
import { describe, expect, test } from "vitest";
import { motionText, restPose, skeletonText } from "./acclaim.ts";
import { mutations, readsOrRefuses } from "./mutations.ts";

const skeleton = readAsf(skeletonText);
const moved = { ...restPose, root: [1, 2, 3, 4, 5, 6], lfemur: [-30, 7.5e-1], head: [10, 20, 30] };

/** Column of a bone's channel. */
const column = (bone: string, channel: string): number =>
  motionChannels(skeleton).findIndex((each) => each.bone === bone && each.channel === channel);

describe("a motion", () => {
  const { shape, data } = readAmc(motionText([restPose, moved]), skeleton);

  test("has a row a frame, its columns in the order of the skeleton", () => {
    expect(shape).toEqual([2, 15]);
    expect([...data.subarray(0, 15)]).toEqual(new Array(15).fill(0));
    const second = data.subarray(15);
    expect([...second.subarray(0, 6)]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(second[column("lfemur", "rx")]).toBe(-30);
    expect(second[column("lfemur", "rz")]).toBe(0.75);
    expect(second[column("head", "ry")]).toBe(20);
  });

  test("comes out in degrees where the file has radians, the root's place as it is", () => {
    const radian = readAmc(motionText([moved], ":FULLY-SPECIFIED\n:RADIANS"), skeleton).data;
    expect([...radian.subarray(0, 3)]).toEqual([1, 2, 3]);
    expect(radian[3]).toBeCloseTo((4 * 180) / Math.PI, 12);
    expect(radian[column("head", "rz")]).toBeCloseTo((30 * 180) / Math.PI, 12);
    // Without a word the unit is that of the skeleton.
    const other = readAsf(skeletonText.replace("angle deg", "angle rad"));
    expect(readAmc(motionText([moved], ":FULLY-SPECIFIED"), other).data[3]).toBe(radian[3]);
    expect(readAmc(motionText([moved]), other).data[3]).toBe(4);
  });

  test("may begin at any frame", () => {
    const late = motionText([restPose, moved]).replace("\n1\n", "\n8\n").replace("\n2\n", "\n9\n");
    expect(readAmc(late, skeleton).shape).toEqual([2, 15]);
  });
});

describe("a malformed motion", () => {
  const text = motionText([restPose, moved]);
  test.each([
    ["a number too few", "lfemur -30 0.75", "lfemur -30", 16, "2 numbers for lfemur, got -30"],
    ["a number too many", "rtibia 0", "rtibia 0 0", 6, "1 numbers for rtibia, got 0 0"],
    [
      "no number",
      "head 10 20 30",
      "head 10 1.#QNAN 30",
      17,
      "3 numbers for head, got 10 1.#QNAN 30",
    ],
    ["an unknown bone", "rtibia 0", "tail 0", 6, "a bone of the skeleton that turns, got tail"],
    ["a stiff bone", "rtibia 0", "trunk 0", 6, "a bone of the skeleton that turns, got trunk"],
    ["a bone twice", "rfemur 0 0", "rtibia 0", 7, "each bone once in a frame, got rtibia again"],
    ["a bone that lacks", "ltibia 0\n", "", 4, "ltibia in frame 1, got none"],
    ["a frame that lacks", "\n2\n", "\n3\n", 11, "frame 2, got 3"],
    [
      "text before the first frame",
      "\n1\n",
      "\nroot 0\n1\n",
      4,
      "the number of a frame, got root 0",
    ],
  ])("%s", (_, piece, by, line, reason) => {
    expect(text).toContain(piece);
    const wrong = text.replace(piece, by);
    expect(() => readAmc(wrong, skeleton)).toThrow(InputError);
    expect(() => readAmc(wrong, skeleton)).toThrow(`amc: line ${line}: expected ${reason}`);
  });

  test("no frames at all", () => {
    expect(() => readAmc("", skeleton)).toThrow("amc: line 1: expected frames below the head");
    expect(() => readAmc("# x\n:DEGREES\n", skeleton)).toThrow("amc: line 2: expected frames");
  });

  test("is read as something or refused in words, however damaged", () => {
    const whole = new TextEncoder().encode(text);
    for (const damaged of mutations(whole, 1000))
      readsOrRefuses(() => readAmc(new TextDecoder().decode(damaged), skeleton));
  });
});

const shared = fileURLToPath(new URL("../../../../shared/data/cmu35", import.meta.url));
const absent = existsSync(shared) ? "" : "no ../shared/data/cmu35 here";

test("the trials of subject 35", ({ skip }) => {
  skip(absent !== "", absent);
  const subject = readAsf(readFileSync(`${shared}/35.asf`, "latin1"));
  const trials = Array.from({ length: 16 }, (_, i) => {
    const file = `${shared}/35_${String(i + 1).padStart(2, "0")}.amc.gz`;
    return readAmc(gunzipSync(readFileSync(file)).toString("latin1"), subject);
  });
  expect(trials.map(({ shape }) => shape[0])).toEqual([
    358, 406, 427, 433, 427, 438, 360, 455, 384, 432, 385, 397, 454, 411, 406, 443,
  ]);
  expect(trials.every(({ shape }) => shape[1] === 62)).toBe(true);
  expect([...(trials[0]?.data.subarray(0, 6) ?? [])]).toEqual([
    4.40047, 17.8934, -21.0986, -0.943965, -8.37963, -7.42612,
  ]);
  const channels = motionChannels(subject);
  const first = trials[0]?.data as Float64Array;
  const still = channels.filter((_, c) =>
    trials.every(({ data }) =>
      data.every((value, i) => i % 62 !== c || Math.abs(value - (first[c] as number)) < 1e-6),
    ),
  );
  expect(still.map(({ bone, channel }) => `${bone} ${channel}`).sort()).toEqual([
    "lclavicle ry",
    "lclavicle rz",
    "lfingers rx",
    "rclavicle ry",
    "rclavicle rz",
    "rfingers rx",
  ]);
});
