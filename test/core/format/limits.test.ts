import { InputError, readLimits } from "pullback-core";
import { describe, expect, test } from "vitest";
import { mutations, readsOrRefuses } from "./mutations.ts";

const names = ["A1", "A2", "left knee"];
const { NEGATIVE_INFINITY: low, POSITIVE_INFINITY: high } = Number;

describe("readLimits", () => {
  test("by name or number, in any order, what is left empty is free", () => {
    const text = "velocity,joint,upper,lower\n# slow\n2,left knee,1,-1\n.5,1,,-2.5\n1e-1,A2,,\n";
    const { lower, upper, velocity } = readLimits(text, names);
    expect([...lower]).toEqual([-2.5, low, -1]);
    expect([...upper]).toEqual([high, high, 1]);
    expect([...(velocity ?? [])]).toEqual([0.5, 0.1, 2]);
  });

  test("without velocities, and with joints that are not named", () => {
    const limits = readLimits('joint;lower;upper\n"left knee";-0,5;inf\n', names);
    expect([...limits.lower]).toEqual([low, low, -0.5]);
    expect([...limits.upper]).toEqual([high, high, high]);
    expect(limits.velocity).toBeUndefined();
  });

  test.each([
    ["no lines", "joint,lower\n", "expected a header and a line for each joint, got no joint"],
    ["nothing at all", "\n", "got no joint"],
    ["no header", "A1,-1,1,2\n", "line 1: expected a header of joint, lower, upper, velocity"],
    ["a column twice", "joint,lower,lower\nA1,1,2\n", "line 1: expected a header of joint, lower"],
    [
      "no column of joints",
      "lower,upper\n1,2\n",
      "line 1: expected a column joint, got lower, upper",
    ],
    [
      "an unknown joint",
      "joint,lower\nA7,1\n",
      'line 2: expected one of A1, A2, left knee or a number of 1 to 3, got "A7"',
    ],
    ["a joint 0", "joint,lower\n0,1\n", 'got "0"'],
    [
      "a joint twice",
      "joint,lower\nA1,1\n1,2\n",
      "line 3: expected each joint once, got A1 of line 2 again",
    ],
    [
      "a word",
      "joint,lower\n\nA1,few\n",
      'line 3, column 2: expected a number or nothing, got "few"',
    ],
    ["NaN", "joint,lower\nA1,nan\n", 'expected a number or nothing, got "nan"'],
    ["a field too few", "joint,lower,upper\nA1,2\n", "line 2: expected 3 columns, got 2"],
    ["no room", "joint,lower,upper\nA1,2,1\n", "line 2: expected lower <= upper, got 2 and 1"],
    ["a velocity of 0", "joint,velocity\nA1,0\n", "line 2: expected a velocity above 0, got 0"],
    [
      "some velocities",
      "joint,velocity\nA1,1\n",
      "expected a velocity for every joint or for none, got none for A2, left knee",
    ],
  ])("refuses %s", (_, text, message) => {
    expect(() => readLimits(text, names)).toThrow(InputError);
    expect(() => readLimits(text, names)).toThrow(message);
  });

  test("reads or refuses whatever is damaged", () => {
    const whole = new TextEncoder().encode('joint,lower,upper\nA1,-1,"2"\n2,,3\n');
    for (const damaged of mutations(whole, 500))
      readsOrRefuses(() => readLimits(new TextDecoder().decode(damaged), names));
  });
});
