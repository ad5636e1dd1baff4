import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { subject } from "../pullback/report/example.ts";
import { torusFolder } from "../pullback/report/folder.ts";

const example = fileURLToPath(new URL("../../examples/metrics.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "pullback-metrics-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("one pair in every metric: on a flat torus G and Fisher-Rao agree on the way, and it is straight", async () => {
  await torusFolder(folder, "torus");
  const { stdout, status } = spawnSync(process.execPath, [example, "torus", "metrics.svg"], {
    cwd: folder,
    encoding: "utf8",
  });
  expect(status).toBe(0);
  const said = new Map(
    stdout.split("\n").map((line) => {
      const [name, rest = ""] = line.split(": ");
      return [name, rest.split(", ")];
    }),
  );
  expect([...said.keys()].slice(0, 5)).toEqual([
    ...["pullback", "smoothed", "expected", "fisher-rao", "own"],
  ]);
  const codes = subject.latents;
  const [x = 0, y = 0] = codes;
  let farthest = 0;
  for (let i = 0; i < codes.length; i += 2)
    farthest = Math.max(
      farthest,
      Math.hypot((codes[i] as number) - x, (codes[i + 1] as number) - y),
    );
  const length = (name: string): number => Number(said.get(name)?.[0]);
  expect(length("pullback")).toBeCloseTo(farthest, 2);
  expect(length("smoothed")).toBeGreaterThan(0.999 * farthest);
  expect(length("expected")).toBeGreaterThan(0.999 * farthest);
  const svg = readFileSync(join(folder, "metrics.svg"), "utf8");
  for (const name of said.keys()) if (name) expect(svg).toContain(name);
});
