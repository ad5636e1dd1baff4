/** @file `docs/from-pytorch.md`, done as it says, where a Python with PyTorch is found. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { pullback } from "./run.ts";

const python = ["python3", "/usr/bin/python3"].find(
  (command) => spawnSync(command, ["-c", "import torch, numpy"]).status === 0,
);
const page = readFileSync(join(import.meta.dirname, "../../../docs/from-pytorch.md"), "utf8");
const blocks = [...page.matchAll(/^```(\w+)\n(.*?)^```/gms)].map(([, language, text]) => ({
  language,
  text: text as string,
}));
const folder = mkdtempSync(join(tmpdir(), "pullback-torch-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What a visitor of the page has: here a linear decoder, whose distances are those of its images. */
const given = `
import json
import torch
torch.manual_seed(1)
latent_dimension = 2
decoder = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.Linear(4, 7))
codes = torch.randn(9, 2)
`;
const checked = `
images = decoder(codes).detach().double()
exact = torch.cdist(images, images).numpy()
print(json.dumps({
    "type": str(distances.dtype), "shape": distances.shape,
    "error": float(np.abs(distances - exact).max() / exact.max()),
    "asymmetry": float(np.abs(distances - distances.T).max()),
    "diagonal": float(np.abs(np.diag(distances)).max()),
}))
`;

describe.skipIf(!python)("from PyTorch to a matrix and back", () => {
  const run = (text: string): string => {
    const { status, stdout, stderr } = spawnSync(python as string, ["-c", given + text], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(status, stderr).toBe(0);
    return stdout;
  };
  const snippets = (language: string): string[] =>
    blocks.filter((block) => block.language === language).map(({ text }) => text);

  test("every line of the page runs, and NumPy reads the distances that PyTorch computes", () => {
    const [exporting, saving, reading] = snippets("python") as [string, string, string];
    run(exporting + saving);
    for (const line of snippets("sh").join("").trim().split("\n")) {
      const [program, ...args] = line.replace(/#.*/, "").trim().split(/\s+/);
      expect(program).toBe("pullback");
      const { status, stderr } = pullback(folder, args);
      expect(status, stderr).toBe(0);
    }
    const { error, ...facts } = JSON.parse(run(`import numpy as np\n${reading}${checked}`));
    expect(facts).toEqual({ type: "float32", shape: [9, 9], asymmetry: 0, diagonal: 0 });
    expect(error).toBeLessThan(1e-5);
  }, 120_000);
});
