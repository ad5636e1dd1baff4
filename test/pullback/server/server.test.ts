import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { add, graph, input, writeOnnx } from "pullback-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { explorerApp } from "../../../packages/pullback/src/server/app.ts";
import type { Content } from "../../../packages/pullback/src/server/content.ts";
import {
  contentOf,
  exportedModel,
  servedModel,
} from "../../../packages/pullback/src/server/content.ts";
import { listen } from "../../../packages/pullback/src/server/listen.ts";
import { torusFolder } from "../report/folder.ts";

const folder = mkdtempSync(join(tmpdir(), "pullback-site-"));
let content: Content;

beforeAll(async () => {
  const site = join(folder, "site");
  mkdirSync(join(site, "assets"), { recursive: true });
  writeFileSync(join(site, "index.html"), "<!doctype html>page");
  writeFileSync(join(site, "assets", "a.wasm"), "wasm");
  writeFileSync(join(folder, "secret.txt"), "secret");
  const torus = await torusFolder(folder, "torus");
  writeFileSync(join(torus, "metadata.csv"), "kind\nfox\n");
  const model = await servedModel(torus);
  content = await contentOf(site, [model, model]);
});
afterAll(() => rmSync(folder, { recursive: true }));

const ask = (path: string, host = "127.0.0.1:4280", method = "GET") =>
  explorerApp(content).request(
    new Request(`http://127.0.0.1:4280${path}`, { method, headers: { host } }),
  );

describe("the explorer's server", () => {
  test("serves the page, the assets and the models, each with its type", async () => {
    const page = await ask("/");
    expect(await page.text()).toBe("<!doctype html>page");
    expect(page.headers.get("content-type")).toMatch("text/html");
    expect((await ask("/assets/a.wasm")).headers.get("content-type")).toBe("application/wasm");
    const { models } = (await (await ask("/models.json")).json()) as {
      models: { name: string; folder: string; files: string[] }[];
    };
    expect(models.map(({ name }) => name)).toEqual(["torus-1", "torus-1-2"]);
    const [first] = models as [(typeof models)[0]];
    expect(first.files).toEqual([
      ...["model.json", "decoder.onnx", "latents.npy", "values.npy"],
      "metadata.csv",
    ]);
    for (const file of first.files) expect((await ask(`/${first.folder}${file}`)).status).toBe(200);
  });

  test.each(["/", "/nothing", "/models.json"])(
    "isolates the page and allows nothing foreign: %s",
    async (path) => {
      const { headers } = await ask(path);
      expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
      expect(headers.get("cross-origin-embedder-policy")).toBe("require-corp");
      const policy = headers.get("content-security-policy") ?? "";
      expect(policy).toMatch("default-src 'none'");
      expect(policy).not.toMatch(/https?:|\*|'unsafe-inline'|'unsafe-eval'/);
    },
  );

  test.each(["evil.example", "127.0.0.1.evil.example:4280", "", "evil.example:4280"])(
    "refuses what was asked of %s",
    async (host) => {
      const answer = await ask("/models.json", host);
      expect(answer.status).toBe(403);
      expect(await answer.text()).not.toMatch("torus");
      expect(answer.headers.get("cross-origin-opener-policy")).toBe("same-origin");
    },
  );

  test.each(["localhost:4280", "[::1]:4280", "LOCALHOST"])("answers to %s", async (host) => {
    expect((await ask("/", host)).status).toBe(200);
  });

  test("reads only, and nothing but what it lists", async () => {
    expect((await ask("/", undefined, "POST")).status).toBe(405);
    expect((await ask("/secret.txt")).status).toBe(404);
    expect((await ask("/models/torus-1/training.csv")).status).toBe(404);
  });

  test("sends the part of a file that is asked for, and all of it for what is no part", async () => {
    const part = (path: string, range: string) =>
      explorerApp(content).request(
        new Request(`http://127.0.0.1:4280${path}`, { headers: { host: "127.0.0.1", range } }),
      );
    const whole = await (await ask("/models/torus-1/metadata.csv")).text();
    const some = await part("/models/torus-1/metadata.csv", "bytes=2-4");
    expect(some.status).toBe(206);
    expect(some.headers.get("content-range")).toBe(`bytes 2-4/${whole.length}`);
    expect(some.headers.get("cross-origin-resource-policy")).toBe("same-origin");
    expect(await some.text()).toBe(whole.slice(2, 5));
    const last = await part("/models/torus-1/metadata.csv", "bytes=5-999");
    expect(last.headers.get("content-range")).toBe(`bytes 5-${whole.length - 1}/${whole.length}`);
    expect(await last.text()).toBe(whole.slice(5));
    expect(await (await part("/models.json", "bytes=2-7")).text()).toBe("models");
    for (const range of ["bytes=999-1000", "bytes=4-2", "bytes=-5", "bytes=0-1,3-4", "lines=0-1"]) {
      const all = await part("/models/torus-1/metadata.csv", range);
      expect([all.status, await all.text()], range).toEqual([200, whole]);
    }
  });

  test("inputs that are fixed in the decoder stand in the catalogue, unless paths are nobody's business", async () => {
    const z = input("z", "float32", ["n", 2]);
    const c = input("c", "float32", ["n", 2]);
    const file = join(folder, "conditional.onnx");
    writeFileSync(file, writeOnnx(graph([z, c], { x: add(z, c) })));
    const model = await servedModel(file, { c: [1, -2] });
    const entries = async (paths: boolean) => {
      const catalogue = (await contentOf(join(folder, "site"), [model], { paths })).get(
        "models.json",
      );
      const { models } = JSON.parse(new TextDecoder().decode(await catalogue?.read())) as {
        models: object[];
      };
      return models;
    };
    expect(await entries(true)).toMatchObject([{ path: file, settings: { c: [1, -2] } }]);
    const [hidden] = await entries(false);
    expect(hidden).not.toHaveProperty("path");
    expect(hidden).not.toHaveProperty("settings");
  });

  test("an exported site leaves out originals that are larger than it should bring", async () => {
    const torus = await torusFolder(folder, "with originals");
    const file = join(torus, "observations.npy");
    writeFileSync(file, new Uint8Array(2 ** 20));
    const small = await exportedModel(await servedModel(torus));
    expect([...small.files.keys()]).toContain("observations.npy");
    writeFileSync(file, "");
    truncateSync(file, 33 * 2 ** 20);
    const large = await exportedModel(await servedModel(torus));
    expect([...large.files.keys()]).toEqual(
      [...small.files.keys()].filter((name) => name !== "observations.npy"),
    );
  });

  test("no way leads out of the folders, asked on a bare socket", async () => {
    const server = await listen(explorerApp(content), { host: "127.0.0.1", port: 0 });
    for (const path of [
      "/../secret.txt",
      "/..%2fsecret.txt",
      "/assets/../../secret.txt",
      "/assets/%2e%2e/%2e%2e/secret.txt",
      "/models/torus-1/..\\..\\secret.txt",
      "//etc/passwd",
      "/%00",
    ]) {
      const answer = await raw(server.port, path);
      expect(answer, path).toMatch(/^HTTP\/1\.1 40[04]/);
      expect(answer, path).not.toMatch("secret\n");
    }
    await server.close();
    await expect(raw(server.port, "/")).rejects.toThrow();
  });

  test("says what to do where the port is taken", async () => {
    const first = await listen(explorerApp(content), { host: "127.0.0.1", port: 0 });
    await expect(
      listen(explorerApp(content), { host: "127.0.0.1", port: first.port }),
    ).rejects.toThrow("--port 0");
    await first.close();
  });
});

function raw(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(port, "127.0.0.1", () =>
      socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`),
    );
    socket.on("data", (bytes) => {
      text += bytes;
    });
    socket.on("end", () => resolve(text));
    socket.on("error", reject);
  });
}
