import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { torusFolder } from "../report/folder.ts";
import { pullback } from "./run.ts";

const folder = mkdtempSync(join(tmpdir(), "pullback-explore-"));
const bin = fileURLToPath(new URL("../../../packages/pullback/bin/pullback.mjs", import.meta.url));
beforeAll(() => torusFolder(folder, "torus"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("pullback explore", () => {
  test("--export writes the page with the model first and those that come along", () => {
    const { status, stdout, stderr } = pullback(folder, [
      "explore",
      "torus",
      "--export",
      "site",
      "--json",
    ]);
    expect(status, stderr).toBe(0);
    expect(JSON.parse(stdout).models).toEqual([
      "torus <1>",
      "Pendulum",
      "Handwritten digits",
      "Robot arm",
    ]);
    const { models } = JSON.parse(readFileSync(join(folder, "site/models.json"), "utf8"));
    expect(models[0]).not.toHaveProperty("path");
    for (const model of models)
      for (const file of model.files)
        expect(existsSync(join(folder, "site", model.folder, file)), file).toBe(true);
    for (const file of ["index.html", "isolate.js", "mount.js", "explorer.css"])
      expect(existsSync(join(folder, "site", file)), file).toBe(true);
    const again = pullback(folder, ["explore", "--export", "site"]);
    expect(again.status).toBe(1);
    expect(again.stderr).toMatch("--overwrite");
  });

  test("a model that is none is refused before anything is served", () => {
    const { status, stderr } = pullback(folder, ["explore", "nowhere"]);
    expect(status).toBe(1);
    expect(stderr).toMatch("expected a model folder or a decoder .onnx");
  });

  test.skipIf(process.platform === "win32")(
    "serves on this machine until it is told to stop",
    async () => {
      const server = spawn(process.execPath, [bin, "explore", "torus", "--port", "0"], {
        cwd: folder,
      });
      const ended = new Promise((resume) => server.on("exit", resume));
      const address = await new Promise<string>((resume) => {
        let said = "";
        server.stderr.on("data", (text) => {
          said += text;
          const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(said);
          if (found) resume(found[0]);
        });
      });
      const answer = await fetch(`${address}models.json`);
      expect(((await answer.json()) as { models: unknown[] }).models).toHaveLength(4);
      server.kill("SIGINT");
      expect(await ended).toBe(130);
      await expect(fetch(address)).rejects.toThrow();
    },
  );
});
