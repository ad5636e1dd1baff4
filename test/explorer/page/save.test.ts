import { describe, expect, test } from "vitest";
import { commandLine } from "../../../packages/explorer/src/page/save.ts";

const pullback = { name: "pullback" } as const;

describe("the command line that gives the same lengths", () => {
  test("names the metric only where it is another one", () => {
    expect(commandLine({ path: "out/digits" }, pullback)).toBe(
      "npx pullback geodesics out/digits --pairs pairs.csv --out curves.json",
    );
    expect(commandLine({ path: "m" }, { name: "smoothed", lambda: 10, rank: 1 })).toMatch(
      / --metric smoothed --lambda 10 --rank 1$/,
    );
  });

  test("fixes the inputs that are fixed in what the page shows", () => {
    const settings = { label: [3], "two words": [0.5, -1] };
    expect(commandLine({ path: "it's.onnx", settings }, pullback)).toBe(
      String.raw`npx pullback geodesics 'it'\''s.onnx' --pairs pairs.csv --out curves.json --set label=3 --set 'two words=0.5,-1'`,
    );
  });
});
