import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { torusFolder } from "../report/folder.ts";
import { pullback } from "./run.ts";

const folder = mkdtempSync(join(tmpdir(), "pullback-report-"));
beforeAll(() => torusFolder(folder, "torus"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("pullback report writes one page with the numbers that --json states", () => {
  const args = ["report", "torus", "--out", "page", "--pairs", "4", "--threads", "1", "--json"];
  const { status, stdout } = pullback(folder, args);
  expect(status).toBe(0);
  const { pairs, ratio, converged, out } = JSON.parse(stdout);
  expect([pairs, converged, out]).toEqual([4, 1, join("page", "index.html")]);
  expect(ratio).toBeCloseTo(1, 3);
  const page = readFileSync(join(folder, "page", "index.html"), "utf8");
  expect(page).toContain("torus &lt;1&gt;");
  expect(page.match(/<figure>/g)).toHaveLength(5);
});

test("the same seed writes the same page, but for its seconds", () => {
  const page = (out: string): string => {
    pullback(folder, ["report", "torus", "--out", out, "--pairs", "3", "--threads", "1"]);
    const html = readFileSync(join(folder, out, "index.html"), "utf8");
    return html.replace(/seconds for map and geodesics[\s\S]*?<\/tr>/, "");
  };
  expect(page("a") === page("b")).toBe(true);
});

test("a folder that is no report is not replaced, a decoder alone has no codes", () => {
  const kept = pullback(folder, ["report", "torus", "--out", "torus", "--overwrite"]);
  expect([kept.status, existsSync(join(folder, "torus", "model.json"))]).toEqual([1, true]);
  const bare = pullback(folder, ["report", "torus/decoder.onnx", "--out", "bare"]);
  expect(bare.status).toBe(1);
  expect(bare.stderr).toContain("latents.npy");
  expect(existsSync(join(folder, "bare"))).toBe(false);
});
