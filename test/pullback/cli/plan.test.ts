import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ModelDescription } from "pullback-core";
import { exp, graph, input, log, readCsv, tensorFrom, writeNpy } from "pullback-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { writeModel } from "../../../packages/pullback/src/files/model-folder.ts";
import { pullback } from "./run.ts";
import { pullbackInSession } from "./session.ts";

/** The plane in the chart x = e^z, scaled: a geodesic is a straight line between the poses. */
const description: ModelDescription = {
  format: 1,
  name: "plane",
  latentDimension: 2,
  dataDimension: 2,
  observationShape: [2],
  drawing: { kind: "curve", names: ["hip", "knee"] },
  scaling: { offset: [10, 0], scale: [2, 2] },
};
const z = input("z", "float32", ["n", 2]);
const x = input("x", "float32", ["n", 2]);

let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "pullback-plan-"));
  mkdirSync(join(folder, "model"));
  await writeModel(join(folder, "model"), {
    description,
    decoder: graph([z], { mean: exp(z) }),
    encoder: graph([x], { mean: log(x), variance: exp(x) }),
    latents: tensorFrom("float32", [2, 2], [0, 0, 1, 1]),
  });
  writeFileSync(join(folder, "a.csv"), "hip,knee\n12,2\n");
  writeFileSync(join(folder, "b.npy"), writeNpy(tensorFrom("float64", [2], [18, 10])));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const line = (...more: string[]): string[] => [
  ...["plan", "model", "--from", "a.csv", "--to", "b.npy", "--out", "m.csv"],
  ...["--threads", "1", ...more],
];
const plan = (...more: string[]) => pullback(folder, line(...more));
/** Where it ends before any work. */
const refused = (...more: string[]) => pullbackInSession(folder, line(...more));
const table = (name: string) => readCsv(readFileSync(join(folder, name), "utf8"));

test("writes the motion and the straight line's beside it, in the units of the data", () => {
  const { status, stdout } = plan("--points", "5");
  expect(status).toBe(0);
  const { header, values } = table("m.csv");
  expect(header).toEqual(["time", "hip", "knee"]);
  expect(values.shape).toEqual([5, 3]);
  for (let i = 0; i < 5; i++) {
    [i / 4, 12 + 1.5 * i, 2 + 2 * i].forEach((expected, k) => {
      expect(Math.abs((values.data[3 * i + k] as number) - expected)).toBeLessThan(0.02);
    });
  }
  const straight = table("m-straight.csv").values;
  expect(straight.shape).toEqual([5, 3]);
  const [hip, knee] = [straight.data[7] as number, straight.data[8] as number];
  expect(knee / 2).toBeCloseTo(((hip - 10) / 2) ** (Math.log(5) / Math.log(4)), 2);
  expect(stdout).toMatch(
    /^geodesic +length 5\.000, at most \d\S* from the data \(pullback metric\)\nstraight line +length 5\.0/,
  );
  expect(stdout).toMatch(/starts off the pose by hip \S+, knee \S+\nends {3}off the pose by hip/);
  expect(stdout).toMatch(/wrote m\.csv and m-straight\.csv\n$/);
});

test("limits: the time is theirs, a violation is named and is no failure", () => {
  writeFileSync(join(folder, "limits.csv"), "joint,upper,velocity\nknee,6,2\nhip,,100\n");
  const { status, stdout } = plan("--limits", "limits.csv", "--json");
  expect(status).toBe(0);
  const found = JSON.parse(stdout);
  expect(found).toMatchObject({ out: "m.csv", straightOut: "m-straight.csv", rows: 201 });
  expect(found).toMatchObject({ timing: "velocity limits" });
  expect(found.geodesic.duration).toBeCloseTo(4, 4);
  expect(found.geodesic.violations).toHaveLength(1);
  const [violation] = found.geodesic.violations;
  expect(violation).toMatchObject({ joint: "knee", bound: "upper", limit: 6 });
  expect(violation.value).toBeCloseTo(10, 4);
  expect(violation.time).toBeCloseTo(4, 4);
  expect(violation.from).toBeCloseTo(2, 1);
  expect(found.waypoints).toHaveLength(2);
  expect(Math.abs(found.waypoints[0].miss.hip)).toBeLessThan(1e-5);
  expect(table("m.csv").values.data.at(-3)).toBeCloseTo(4, 4);

  const inWords = plan("--limits", "limits.csv", "--overwrite").stdout;
  expect(inWords).toMatch(/length 5\.000, 4 s at the velocity limits/);
  expect(inWords).toMatch(
    /\nknee is 4 above its upper limit of 6 at time 4 \(beyond it from 2\S* to 4\)\n/,
  );
  expect(inWords).toMatch(/\nstraight line: knee is 4 above/);
  expect(inWords).not.toContain("limits hold");
});

test("goes through the poses on the way", () => {
  writeFileSync(join(folder, "via.csv"), "12,10\n");
  writeFileSync(join(folder, "wide.csv"), "joint,lower\n1,0\n");
  const { status, stdout } = plan("--via", "via.csv", "--points", "15", "--limits", "wide.csv");
  expect(status).toBe(0);
  expect(stdout).toMatch(/starts off.*\nvia {4}off.*\nends {3}off.*\nlimits hold\n/);
  // 8 up, then 6 across: 4 and 3 of 7 in units of training.
  const { values } = table("m.csv");
  expect(values.data[3 * 8 + 1]).toBeCloseTo(12, 1);
  expect(values.data[3 * 8 + 2]).toBeCloseTo(10, 1);
});

test("keeps to the data where the model says what its noise is, unless told otherwise", async () => {
  // Codes on a quarter of a circle, and the straight line between two of them leaves it.
  const along = Array.from({ length: 400 }, (_, i) => (Math.PI * i) / 798);
  mkdirSync(join(folder, "noisy"));
  await writeModel(join(folder, "noisy"), {
    description: {
      ...description,
      likelihood: "gaussian",
      training: { steps: 1, seconds: 1, bound: 0, sigma: 0.05 },
    },
    decoder: graph([z], { mean: exp(z) }),
    encoder: graph([x], { mean: log(x), variance: exp(x) }),
    latents: tensorFrom(
      "float32",
      [400, 2],
      along.flatMap((angle) => [Math.cos(angle), Math.sin(angle)]),
    ),
  });
  const raw = (u: number, v: number) => `${10 + 2 * Math.exp(u)},${2 * Math.exp(v)}\n`;
  writeFileSync(join(folder, "a.csv"), raw(1, 0));
  writeFileSync(join(folder, "b.csv"), raw(0, 1));
  const found = (...more: string[]) =>
    JSON.parse(
      pullback(folder, [
        ...["plan", "noisy", "--from", "a.csv", "--to", "b.csv", "--out", "n.csv", "--json"],
        ...["--overwrite", "--threads", "1", ...more],
      ]).stdout,
    );
  const [kept, plain] = [found(), found("--metric", "pullback")];
  expect([kept.metric, plain.metric]).toEqual(["expected", "pullback"]);
  expect(kept.geodesic.stray).toBeLessThan(0.5 * plain.geodesic.stray);
  expect(kept.geodesic.length).toBeGreaterThan(plain.geodesic.length);
});

describe("bad input: one line, nothing written", () => {
  const given = ["a.csv", "b.npy", "model"];
  test.each([
    [
      "a pose of another size",
      { "a.csv": "1,2,3\n" },
      [],
      1,
      /a\.csv: expected 1 row of 2 numbers, got shape \[1,3\]/,
    ],
    [
      "two poses to start at",
      { "a.csv": "1,2\n3,4\n" },
      [],
      1,
      /a\.csv: expected 1 row of 2 numbers/,
    ],
    [
      "a pose that is not finite",
      { "a.csv": "1,nan\n" },
      [],
      1,
      /a\.csv: row 1, column 2: expected a finite number/,
    ],
    [
      "a pose that has no code",
      { "a.csv": "1,1\n" },
      [],
      1,
      /got NaN for pose 1; is it in the units of the data\?/,
    ],
    [
      "limits of an unknown joint",
      { "l.csv": "joint,lower\nelbow,0\n" },
      ["--limits", "l.csv"],
      1,
      /l\.csv: limits: line 2: expected one of hip, knee/,
    ],
    [
      "an output that is no .csv",
      {},
      ["--out", "m.npy"],
      2,
      /--out: expected a path that ends in \.csv, got "m\.npy"/,
    ],
    [
      "a metric that needs what the model lacks",
      {},
      ["--metric", "expected"],
      1,
      /metric expected: expected a model with sigma, got none/,
    ],
    ["one row", {}, ["--points", "1"], 2, /--points: expected a whole number of at least 2/],
    ["no file", {}, ["--via", "none.csv"], 1, /none\.csv: no such file/],
  ] as [string, Record<string, string>, string[], number, RegExp][])(
    "%s",
    async (_, files, more, status, message) => {
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
      const run = await refused(...more);
      expect(run.stderr).toMatch(message);
      expect(run.stderr.trim().split("\n")).toHaveLength(1);
      expect(run.status).toBe(status);
      expect(readdirSync(folder).sort()).toEqual(
        [...new Set([...given, ...Object.keys(files)])].sort(),
      );
    },
  );

  test("a model that cannot encode", async () => {
    rmSync(join(folder, "model", "encoder.onnx"));
    const { stderr } = await refused();
    expect(stderr).toMatch(/model: expected a model folder with encoder\.onnx in it/);
    const bare = await pullbackInSession(folder, [
      ...["plan", "model/decoder.onnx", "--from", "a.csv", "--to", "b.npy", "--out", "m.csv"],
    ]);
    expect(bare.stderr).toMatch(/got a decoder alone, which cannot encode/);
    expect(bare.status).toBe(1);
  });

  test("an output that exists, also the second one", async () => {
    writeFileSync(join(folder, "m-straight.csv"), "mine");
    expect((await refused()).stderr).toMatch(/m-straight\.csv: it exists; --overwrite replaces it/);
    expect(readFileSync(join(folder, "m-straight.csv"), "utf8")).toBe("mine");
    expect(existsSync(join(folder, "m.csv"))).toBe(false);
  });
});
