import { spawnSync } from "node:child_process";
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
import { InputError } from "pullback-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  claimFile,
  claimFolder,
  writeFolder,
  writeWhole,
} from "../../../packages/pullback/src/files/write.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pullback-write-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const at = (...names: string[]): string => join(folder, ...names);

const refusal = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => new Error("nothing was refused"),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  return (error as Error).message;
};

test.runIf(process.platform === "linux")(
  "a file system that refuses new folders is refused, not waited for",
  async () => {
    expect(await refusal(writeWhole("/proc/none/out.txt", "x"))).toMatch(/^cannot write \/proc/);
  },
  5000,
);

describe("a file", () => {
  test("is written, with the folders above it, and nothing else is left", async () => {
    const claim = await claimFile(at("a", "b", "out.txt"));
    expect(readdirSync(folder)).toEqual([]);
    await claim.write("hello");
    expect(readFileSync(at("a", "b", "out.txt"), "utf8")).toBe("hello");
    expect(readdirSync(at("a", "b"))).toEqual(["out.txt"]);
  });

  test("that exists is refused, unless it may be overwritten", async () => {
    writeFileSync(at("out.txt"), "old");
    expect(await refusal(claimFile(at("out.txt")))).toBe(
      `cannot write ${at("out.txt")}: it exists; --overwrite replaces it`,
    );
    await writeWhole(at("out.txt"), "new", { overwrite: true });
    expect(readFileSync(at("out.txt"), "utf8")).toBe("new");
  });

  test("that came while the work was done is not replaced", async () => {
    const claim = await claimFile(at("out.txt"));
    writeFileSync(at("out.txt"), "of somebody else");
    expect(await refusal(claim.write("ours"))).toMatch("it exists");
    expect(readFileSync(at("out.txt"), "utf8")).toBe("of somebody else");
    expect(readdirSync(folder)).toEqual(["out.txt"]);
  });

  test("is refused in the place of a folder, and below a file", async () => {
    mkdirSync(at("sub"));
    writeFileSync(at("file"), "");
    expect(await refusal(claimFile(at("sub"), { overwrite: true }))).toMatch("got a folder");
    expect(await refusal(claimFile(at("file", "out.txt")))).toMatch("is no folder");
  });
});

describe("a folder", () => {
  const options = { overwrite: true, markers: ["model.json"] };

  test("appears whole", async () => {
    await writeFolder(at("model"), async (temporary) => {
      writeFileSync(join(temporary, "model.json"), "{}");
      expect(existsSync(at("model"))).toBe(false);
    });
    expect(readdirSync(at("model"))).toEqual(["model.json"]);
    expect(readdirSync(folder)).toEqual(["model"]);
  });

  test("does not appear when it could not be filled", async () => {
    const failing = writeFolder(at("model"), async (temporary) => {
      writeFileSync(join(temporary, "model.json"), "{}");
      throw new Error("out of ideas");
    });
    await expect(failing).rejects.toThrow("out of ideas");
    expect(readdirSync(folder)).toEqual([]);
  });

  test("replaces its like, not any other", async () => {
    mkdirSync(at("model"));
    writeFileSync(at("model", "model.json"), "old");
    writeFileSync(at("model", "extra"), "old");
    expect(await refusal(claimFolder(at("model"), { markers: ["model.json"] }))).toMatch(
      "it exists",
    );
    await writeFolder(
      at("model"),
      async (temporary) => writeFileSync(join(temporary, "model.json"), "new"),
      options,
    );
    expect(readdirSync(at("model"))).toEqual(["model.json"]);
    mkdirSync(at("precious"));
    writeFileSync(at("precious", "thesis.tex"), "");
    expect(await refusal(claimFolder(at("precious"), options))).toMatch(
      "expected to overwrite a folder with model.json in it, got thesis.tex",
    );
  });

  test("an empty one is no obstacle; a file in its place is", async () => {
    mkdirSync(at("model"));
    await writeFolder(at("model"), async (temporary) => writeFileSync(join(temporary, "a"), ""));
    expect(readdirSync(at("model"))).toEqual(["a"]);
    writeFileSync(at("file"), "");
    expect(await refusal(claimFolder(at("file"), options))).toMatch(
      "expected a folder, got a file",
    );
  });
});

describe("a process that ends in between", () => {
  const script = (body: string): string => `
    import { writeFolder, writeWhole } from ${JSON.stringify(new URL("../../../packages/pullback/dist/files/write.js", import.meta.url).href)};
    import { writeFileSync } from "node:fs";
    process.chdir(${JSON.stringify(folder)});
    ${body}`;
  const runs = (body: string, shell = 'exec "$0" "$@"') =>
    spawnSync("bash", ["-c", shell, process.execPath, "--input-type=module", "-e", script(body)], {
      encoding: "utf8",
    });

  test.each([
    ["exit", "process.exit(1)"],
    [
      "Ctrl-C",
      'process.kill(process.pid, "SIGINT"); await new Promise((r) => setTimeout(r, 5000))',
    ],
  ])("leaves nothing behind: %s", (_, end) => {
    const { status, signal } = runs(
      `await writeFolder("model", async (t) => { writeFileSync(t + "/a", "1"); ${end}; });`,
    );
    expect(signal === "SIGINT" || status === 1).toBe(true);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("a disk that takes no more is said in words, and nothing half-written stays", () => {
    const { stderr } = runs(
      'await writeWhole("big", new Uint8Array(1e6)).catch((e) => { console.error(e.name, e.message); });',
      'ulimit -f 8; exec "$0" "$@"',
    );
    expect(stderr).toBe(
      "InputError cannot write big: the file would be larger than is allowed here\n",
    );
    expect(readdirSync(folder)).toEqual([]);
  });
});
