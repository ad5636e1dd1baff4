/// <reference lib="dom" />
/** @file The explorer in a real Chromium, over the real server and the built page. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { nativeEngine, readModel } from "pullback";
import {
  concat,
  cos,
  GeodesicsResult,
  graph,
  input,
  metricOf,
  programCache,
  random,
  readCsv,
  readNpy,
  sin,
  solvePairs,
  writeOnnx,
} from "pullback-core";
import { parse } from "valibot";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { explorerApp } from "../../packages/pullback/src/server/app.ts";
import {
  builtInModels,
  contentOf,
  siteFolder,
} from "../../packages/pullback/src/server/content.ts";
import type { Listening } from "../../packages/pullback/src/server/listen.ts";
import { listen } from "../../packages/pullback/src/server/listen.ts";
import { pullback } from "../pullback/cli/run.ts";
import { chromiumPath, openBrowser } from "./browser.ts";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const models = join(import.meta.dirname, "../../packages/explorer/models");

describe.skipIf(!chromiumPath)("the explorer", () => {
  let browser: Browser;
  let server: Listening;
  let page: Page;
  const complaints: string[] = [];
  const address = (hash = ""): string => `http://127.0.0.1:${server.port}/${hash}`;

  beforeAll(async () => {
    server = await listen(explorerApp(await contentOf(await siteFolder(), await builtInModels())), {
      host: "127.0.0.1",
      port: 0,
    });
    browser = await openBrowser();
    page = await fresh();
    await page.goto(address());
    await settled(page);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });
  afterEach(() => {
    expect(complaints.splice(0)).toEqual([]);
  });

  async function fresh(options: Parameters<Browser["newPage"]>[0] = {}): Promise<Page> {
    const opened = await browser.newPage({ viewport: { width: 1280, height: 860 }, ...options });
    opened.on("pageerror", (error) => complaints.push(error.message));
    opened.on("console", (line) => {
      if (line.type() === "error") complaints.push(line.text());
    });
    opened.on("request", (request) => {
      if (!/^(http:\/\/127\.0\.0\.1:|data:|blob:)/.test(request.url()))
        complaints.push(`asked ${request.url()}`);
    });
    return opened;
  }

  /** Waits for the curve of a path, or of any, and answers its length. */
  async function settled(on: Page, path?: readonly (readonly number[])[]): Promise<number> {
    const wanted = path?.map((point) => point.join(",")).join(";");
    const at = wanted === undefined ? "" : `[data-path="${wanted}"]`;
    await on.waitForSelector(`[data-phase=settled]${at}`, { timeout: 90_000 });
    return Number(await on.locator("[data-length]").first().getAttribute("data-length"));
  }

  async function complaintsOfAxe(on: Page): Promise<string[]> {
    // The policy forbids foreign scripts in markup, not those of the debugger.
    await on.evaluate(readFileSync(axe, "utf8"));
    return on.evaluate(async () => {
      const { violations } = await (
        globalThis as unknown as {
          axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
        }
      ).axe.run();
      return violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`,
      );
    });
  }

  test("shows a model at once: isolated, with threads, a map, both curves and their lengths", async () => {
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    expect(await page.locator("[data-status]").first().getAttribute("data-status")).toBe(
      "converged",
    );
    expect(await page.locator(".frame canvas").count()).toBe(22);
    // Not one grey: the heat map is drawn.
    const shades = await page.evaluate(() => {
      const canvas = document.querySelector("canvas") as HTMLCanvasElement;
      const { data } = (canvas.getContext("2d") as CanvasRenderingContext2D).getImageData(
        0,
        0,
        canvas.width,
        canvas.height,
      );
      return new Set(Array.from({ length: 2000 }, (_, i) => data[(i * 97 * 4) % data.length])).size;
    });
    expect(shades).toBeGreaterThan(40);
  });

  test("a dragged end takes the curve along, and it settles when it is let go", async () => {
    const handle = page.getByRole("slider", { name: "First end" });
    const before = await handle.getAttribute("aria-valuetext");
    const box = await handle.boundingBox();
    if (!box) throw new Error("the handle has no box");
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    for (let step = 1; step <= 8; step++) await page.mouse.move(x + 9 * step, y - 5 * step);
    await page.waitForSelector("[data-phase=following]");
    const during = await page.locator("path.geodesic").nth(1).getAttribute("d");
    await page.mouse.up();
    const length = await settled(page);
    expect(await handle.getAttribute("aria-valuetext")).not.toBe(before);
    expect(during).toMatch(/^M[\d.]+,[\d.]+L/);
    expect(length).toBeGreaterThan(0);
    expect(await page.locator("[data-status]").first().getAttribute("data-status")).toBe(
      "converged",
    );
  });

  test.each(["pendulum", "digits", "robot-arm"])(
    "settles to the lengths of the command line: 20 pairs of %s",
    async (name) => {
      const { decoder, latents, description } = await readModel(join(models, name));
      const codes = latents?.data as Float32Array;
      const chosen = random(1, "explorer test").permutation(codes.length / 2);
      const pairs = Array.from({ length: 20 }, (_, i) =>
        [chosen[2 * i] as number, chosen[2 * i + 1] as number].map((row) =>
          [...codes.subarray(2 * row, 2 * row + 2)].map((value) => Number(value.toPrecision(5))),
        ),
      );
      const engine = nativeEngine({});
      const { geodesics } = await solvePairs({
        engine,
        cache: programCache(engine),
        decoder,
        metric: metricOf(decoder, { name: "pullback" }),
        name: description.name,
        pairs: Float64Array.from(pairs.flat(2)),
        latents: Float64Array.from(codes),
      });
      await engine.dispose();
      for (const [i, pair] of pairs.entries()) {
        const hash = `#model=${name}&path=${pair.map((point) => point.join(",")).join(";")}`;
        await page.evaluate((next) => {
          location.hash = next;
        }, hash);
        const length = await settled(page, pair);
        const expected = geodesics[i]?.length as number;
        expect(Math.abs(length / expected - 1), `pair ${i}`).toBeLessThan(1e-3);
      }
    },
    // Seconds on idle cores; others may be busy beside it.
    240_000,
  );

  test("a link brings the same back", async () => {
    const path = [
      [0.5, 1],
      [-1, 0.25],
    ];
    const hash = "#model=digits&path=0.5,1;-1,0.25&colour=nothing&view=0,0,70";
    const other = await fresh();
    await other.goto(address(hash));
    await settled(other, path);
    await other.waitForFunction(() => location.hash.includes("view=0,0,70"));
    const written = await other.evaluate(() => location.hash);
    for (const part of hash.slice(1).split("&")) expect(written).toContain(part);
    await other.close();
  });

  test("an address that changes while the page is about to write its own is followed", async () => {
    const other = await fresh();
    // The page hears of a new address a little later than the address is new, here by a second. Listening
    // before the page does is what keeps the news from it.
    await other.addInitScript(() => {
      addEventListener("hashchange", (event) => {
        if (event.isTrusted) event.stopImmediatePropagation();
      });
    });
    await other.goto(address("#model=robot-arm&path=-1,-1;1,1"));
    await settled(other);
    await other.waitForFunction(() => location.hash.includes("view="));
    const heard = await other.evaluate(async () => {
      // A change that the page is going to write.
      document.querySelector<HTMLButtonElement>("button[aria-label='Zoom in']")?.click();
      location.hash = "#model=robot-arm&path=0.5,1;-1,0.25";
      await new Promise((resume) => setTimeout(resume, 1000));
      const before = document.querySelector<HTMLElement>("[data-path]")?.dataset.path;
      dispatchEvent(new HashChangeEvent("hashchange"));
      return before;
    });
    expect(heard).toBe("-1,-1;1,1");
    await other.waitForSelector("[data-path='0.5,1;-1,0.25']", { timeout: 20_000 });
    await other.close();
  });

  test("the keyboard reaches the ends and moves them", async () => {
    const handle = page.getByRole("slider", { name: "Last end" });
    await page.getByRole("application").focus();
    for (let i = 0; i < 12 && !(await handle.evaluate((it) => it === document.activeElement)); i++)
      await page.keyboard.press("Tab");
    expect(await handle.evaluate((it) => it === document.activeElement)).toBe(true);
    const before = await handle.getAttribute("aria-valuetext");
    await page.keyboard.press("Shift+ArrowUp");
    await page.waitForSelector("[data-phase=following]");
    await settled(page);
    expect(await handle.getAttribute("aria-valuetext")).not.toBe(before);
  });

  test("a decoder and codes from outside open; what does not fit is said in words", async () => {
    const other = await fresh();
    await other.goto(address("#model=robot-arm"));
    await settled(other);
    const decoder = join(import.meta.dirname, "../fixtures/torus.onnx");
    const files = other.locator("input[type=file]");
    const table = (content: string) => ({
      name: "codes.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(content),
    });
    await files.setInputFiles([decoder]);
    await other.getByText("2 latent dimensions to 3 numbers", { exact: false }).waitFor();
    await settled(other);
    await files.setInputFiles([table("a,b,age\n0,0,1.5\n1,0.5,2\n0.2,1,7\n")]);
    await other.getByText("3 codes").waitFor();
    await settled(other);
    expect(await other.getByLabel("Colour").locator("option").allTextContents()).toEqual([
      "age",
      "nothing",
    ]);
    await files.setInputFiles([table("a\n1\n")]);
    await other.getByRole("alert").getByText("codes.csv: expected 2 columns").waitFor();
    // Nothing stays that looks as if it were true.
    expect(await other.locator(".map").isVisible()).toBe(false);
    await other.getByRole("button", { name: /^Back to/ }).click();
    expect(await settled(other)).toBeGreaterThan(0);
    await other.close();
  });

  test("a code under the pointer is shown as it was and as it is decoded", async () => {
    const other = await fresh();
    const parts: string[] = [];
    other.on("response", (response) => {
      if (response.url().endsWith("observations.npy"))
        parts.push(`${response.status()} ${response.request().headers().range}`);
    });
    // Row 100 of the codes in the middle of the map.
    const { latents } = await readModel(join(models, "pendulum"));
    const place = latents?.data.subarray(200, 202).join(",");
    await other.goto(address(`#model=pendulum&view=${place},20000`));
    await settled(other);
    expect(parts).toEqual([]);
    const box = await other.getByRole("application").boundingBox();
    if (!box) throw new Error("the map has no box");
    await other.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    const original = other.locator(".tip figure", { hasText: "original" }).locator("canvas");
    await original.waitFor();
    await other.locator(".tip figure", { hasText: "decoded" }).waitFor();
    const drawn = await original.evaluate((canvas: HTMLCanvasElement) => {
      const context = canvas.getContext("2d") as CanvasRenderingContext2D;
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      // One channel is drawn as ink on paper.
      return Array.from({ length: data.length / 4 }, (_, i) => 255 - (data[4 * i] as number));
    });
    const file = readNpy(readFileSync(join(models, "pendulum", "observations.npy")));
    expect(drawn).toEqual([...(file.data.subarray(100 * 256, 101 * 256) as Uint8Array)]);
    // The header and one row, not the file.
    expect(parts).toEqual(["206 bytes=0-255", `206 bytes=${128 + 25600}-${128 + 25855}`]);
    await other.close();
  });

  test("a Parquet table describes its codes: colour, search, filter, tooltip", async () => {
    const other = await fresh();
    await other.goto(address());
    await settled(other);
    const fixture = (name: string): string => join(import.meta.dirname, "../fixtures", name);
    const files = other.locator("input[type=file]");
    await files.setInputFiles([fixture("torus.onnx"), fixture("codes-pyarrow.parquet")]);
    await other.getByText("60 codes").waitFor();
    await settled(other);
    expect(await other.getByLabel("Colour").locator("option").allTextContents()).toEqual([
      "kind",
      "age",
      "nothing",
    ]);
    const panel = other.getByRole("region", { name: "Filter" });
    await panel.getByRole("searchbox").fill("NUMBER 1");
    // 1 and 10 to 19.
    await panel.getByText("11 of 60 codes are drawn.").waitFor();
    await panel.getByText("age").click();
    await panel.getByLabel("age to").fill("6");
    await panel.getByLabel("age to").press("Tab");
    // Ages are half of the number: 1, 10, 11, 12.
    await panel.getByText("4 of 60 codes are drawn.").waitFor();
    await other.getByRole("button", { name: "owl" }).click();
    // 1 and 10 are owls.
    await panel.getByText("2 of 60 codes are drawn.").waitFor();
    const [tip, map] = [other.locator(".tip"), other.getByRole("application")];
    // Code 12 lies at (-0.45, 5/7); the axes' labels say where that is.
    const at = await map.evaluate((box) => {
      const place = (of: "x" | "y", wanted: number): number => {
        const ticks = [...box.querySelectorAll(`.axes text`)].flatMap((text) => {
          const isX = text.getAttribute("text-anchor") === "middle";
          const along = Number(text.getAttribute(of)) - (of === "y" ? 4 : 0);
          return isX === (of === "x") ? [[Number(text.textContent), along] as const] : [];
        });
        const [[a, pa], [b, pb]] = ticks as [readonly [number, number], readonly [number, number]];
        return pa + ((wanted - a) / (b - a)) * (pb - pa);
      };
      return { x: place("x", -0.45), y: place("y", 5 / 7) };
    });
    await map.hover({ position: at });
    await tip.getByText("animal number 12").waitFor();
    expect(await tip.locator("dt").allTextContents()).toEqual(["kind", "age", "note"]);
    await panel.getByRole("button", { name: "Show all codes" }).click();
    expect(await panel.getByText("codes are drawn").count()).toBe(0);
    expect(await complaintsOfAxe(other)).toEqual([]);
    const broken = { name: "codes.parquet", mimeType: "", buffer: Buffer.from("1,2\n3,4\n5,6\n") };
    await files.setInputFiles([broken]);
    await other.getByRole("alert").getByText("codes.parquet: expected a Parquet file").waitFor();
    await other.close();
  });

  test("three dimensions: a plane through three points, by pointer, by row, in the address", async () => {
    const z = input("z", "float32", ["n", 3]);
    const decoder = writeOnnx(graph([z], { mean: concat([sin(z), cos(z)], 1) }));
    // A lattice of 27 codes, 0.5 apart: 1 is its corner, 2 next to it along z3, 27 the last.
    const rows = Array.from({ length: 27 }, (_, i) => [
      Math.floor(i / 9),
      Math.floor(i / 3) % 3,
      i % 3,
    ]);
    const table = rows.map((row) => row.map((value) => value / 2).join(",")).join("\n");
    const folder = mkdtempSync(join(tmpdir(), "pullback-three-"));
    writeFileSync(join(folder, "model.onnx"), decoder);
    writeFileSync(join(folder, "latents.csv"), `z1,z2,z3\n${table}\n`);
    const other = await fresh();
    await other.goto(address());
    await settled(other);
    const files = ["model.onnx", "latents.csv"].map((name) => join(folder, name));
    await other.locator("input[type=file]").setInputFiles(files);
    await other.getByText("27 codes").waitFor();
    await settled(other);
    const panel = other.getByRole("region", { name: "Metric and map" });
    await panel.getByRole("combobox", { name: "Plane" }).selectOption("points");
    const corners = other.locator("g.corner");
    expect(await corners.count()).toBe(3);
    for (const [name, row] of [
      ["A", "1"],
      ["B", "3"],
    ] as const) {
      await panel.getByLabel(`${name} from row of the codes`).fill(row);
      await panel.getByLabel(`${name} from row of the codes`).press("Tab");
    }
    await panel.getByText("0.00, 0.00, 1.00", { exact: true }).waitFor();
    // B at A: no plane, and the one before stays.
    await panel.getByLabel("B from row of the codes").fill("1");
    await panel.getByLabel("B from row of the codes").press("Tab");
    await other.getByText("expected three points that are not on one line").waitFor();
    await panel.getByText("0.00, 0.00, 1.00", { exact: true }).waitFor();
    // C at the code under the pointer, which is where corner A stands.
    await panel.getByLabel("C from row of the codes").fill("27");
    await panel.getByLabel("C from row of the codes").press("Tab");
    await panel.getByRole("button", { name: "Choose B on the map" }).click();
    const c = await corners.nth(2).locator("path").boundingBox();
    if (!c) throw new Error("corner C has no box");
    await other.mouse.click(c.x + c.width / 2, c.y + c.height / 2);
    await other.getByText("expected three points that are not on one line").waitFor();
    await panel.getByRole("button", { name: "A and B to the ends of the curve" }).click();
    expect(await complaintsOfAxe(other)).toEqual([]);
    await other.close();
    rmSync(folder, { recursive: true });
  });

  test("distances, indicatrices, a point more, another metric", async () => {
    const other = await fresh();
    await other.goto(address("#model=robot-arm"));
    const plain = await settled(other);
    await other.getByLabel("Distances from first end").check();
    await other.locator(".around path").first().waitFor({ state: "attached" });
    expect(await other.locator("section[aria-label='Nearest codes'] li").count()).toBe(16);
    await other.getByLabel("Indicatrices").check();
    await other.locator("ellipse").first().waitFor({ state: "attached" });
    // None where the decoder does not move at all, as it does far from its codes.
    expect(await other.locator("ellipse").count()).toBeGreaterThan(20);
    await other.getByText("Save and share").click();
    expect(await complaintsOfAxe(other)).toEqual([]);
    // The same on a phone in the dark: nothing to complain of, nothing wider than the screen.
    await other.setViewportSize({ width: 390, height: 844 });
    await other.emulateMedia({ colorScheme: "dark" });
    expect(await complaintsOfAxe(other)).toEqual([]);
    expect(await other.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await other.getByText("Save and share").click();
    await other.setViewportSize({ width: 1280, height: 860 });
    await other.getByRole("button", { name: "Add a point" }).click();
    await other.getByRole("slider", { name: "Point 2 of the path" }).waitFor();
    // The point lies on the geodesic: the way through it is as long.
    expect(Math.abs((await settled(other)) / plain - 1)).toBeLessThan(0.02);
    await other.getByRole("slider", { name: "Point 2 of the path" }).focus();
    await other.keyboard.press("Delete");
    const metric = other.locator("section[aria-label='Metric and map'] select").first();
    await metric.selectOption("expected");
    await other.waitForFunction(() => location.hash.includes("metric=expected"));
    await settled(other);
    await other.getByText("above, the same curves in G").waitFor();
    await metric.selectOption("pullback");
    expect(Math.abs((await settled(other)) / plain - 1)).toBeLessThan(2e-3);
    await other.close();
  });

  test("codes are chosen with a lasso, and classes left out", async () => {
    const other = await fresh();
    await other.goto(address("#model=digits"));
    await settled(other);
    const box = await other.getByRole("application").boundingBox();
    if (!box) throw new Error("the map has no box");
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const around = async (): Promise<number> => {
      await other.keyboard.down("Shift");
      await other.mouse.move(x - 150, y - 120);
      await other.mouse.down();
      for (const [dx, dy] of [
        [-150, 120],
        [150, 120],
        [150, -120],
      ] as const)
        await other.mouse.move(x + dx, y + dy, { steps: 3 });
      await other.mouse.up();
      await other.keyboard.up("Shift");
      const text = await other.getByText(/codes chosen/).textContent();
      return Number(text?.replace(/\D/g, ""));
    };
    const all = await around();
    expect(all).toBeGreaterThan(100);
    await other.getByRole("button", { name: "3", exact: true }).click();
    const rest = await around();
    expect(rest).toBeLessThan(all);
    expect(rest).toBeGreaterThan(0);
    await other.getByRole("button", { name: "Clear" }).click();
    expect(await other.getByText(/codes chosen/).count()).toBe(0);
    await other.close();
  });

  test("what is saved: curves as the command line writes them, the map as SVG and PNG", async () => {
    const saved = async (button: string): Promise<Buffer> => {
      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: button, exact: true }).click();
      return readFileSync(await (await download).path());
    };
    await page.getByText("Save and share").click();
    const length = await settled(page);
    // The command that is shown, run as it stands where the server was started.
    const folder = mkdtempSync(join(tmpdir(), "pullback-command-"));
    const shown = (await page.locator(".menu code").textContent()) ?? "";
    const words = shown.replace(/^npx pullback /, "").split(" ");
    const inFolder = words.map((word) =>
      word.endsWith("curves.json") || word.endsWith("pairs.csv") ? join(folder, word) : word,
    );
    writeFileSync(join(folder, "pairs.csv"), await saved("pairs.csv"));
    const run = pullback(process.cwd(), inFolder);
    expect(run.status, `${shown}\n${run.stderr}`).toBe(0);
    const again = parse(
      GeodesicsResult,
      JSON.parse(readFileSync(join(folder, "curves.json"), "utf8")),
    );
    expect(Math.abs((again.geodesics[0]?.length ?? 0) / length - 1)).toBeLessThan(1e-3);
    rmSync(folder, { recursive: true });
    const result = parse(GeodesicsResult, JSON.parse((await saved("JSON")).toString()));
    expect(result.geodesics[0]?.length).toBeCloseTo(length, 9);
    const { header, values } = readCsv((await saved("CSV")).toString());
    expect(header).toEqual(["leg", "t", "z1", "z2", "velocity"]);
    expect(values.shape[0]).toBe(result.geodesics[0]?.curve.length);
    const pairs = readCsv((await saved("pairs.csv")).toString());
    expect([...pairs.values.data]).toEqual([
      ...(result.geodesics[0]?.from ?? []),
      ...(result.geodesics[0]?.to ?? []),
    ]);
    expect((await saved("SVG")).toString()).toMatch(/^<svg[\s\S]*geodesic [\d.]+/);
    expect((await saved("PNG")).subarray(1, 4).toString()).toBe("PNG");
    await page.getByText("Save and share").click();
  });

  test.each(["light", "dark"] as const)(
    "axe finds nothing to complain of, %s",
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      expect(await complaintsOfAxe(page)).toEqual([]);
    },
  );

  test("exported, on a plain host below some folder: a service worker isolates it", async () => {
    const folder = mkdtempSync(join(tmpdir(), "pullback-export-"));
    const { status, stderr } = pullback(folder, ["explore", "--export", "site"]);
    expect(status, stderr).toBe(0);
    const plain = createServer((request, answer) => {
      const path = new URL(request.url ?? "", "http://x").pathname.replace(
        /^\/some\/folder\/$/,
        "$&index.html",
      );
      const name = path.replace("/some/folder/", "");
      try {
        const bytes = readFileSync(join(folder, "site", name));
        const type = {
          html: "text/html",
          js: "text/javascript",
          mjs: "text/javascript",
          css: "text/css",
          wasm: "application/wasm",
          svg: "image/svg+xml",
        }[name.split(".").at(-1) ?? ""];
        answer.writeHead(200, { "Content-Type": type ?? "application/octet-stream" }).end(bytes);
      } catch {
        answer.writeHead(404).end();
      }
    });
    await new Promise<void>((resume) => plain.listen(0, "127.0.0.1", () => resume()));
    const { port } = plain.address() as AddressInfo;
    const other = await fresh();
    await other.goto(`http://127.0.0.1:${port}/some/folder/#model=robot-arm`);
    expect(await settled(other)).toBeGreaterThan(0);
    expect(await other.evaluate(() => crossOriginIsolated)).toBe(true);
    await other.goto(`http://127.0.0.1:${port}/some/folder/embed.html`);
    expect(await settled(other)).toBeGreaterThan(0);
    await other.getByText("3,000 codes").waitFor();
    await other.close();
    await new Promise((resume) => {
      plain.close(resume);
      plain.closeAllConnections();
    });
    rmSync(folder, { recursive: true });
  });

  test("without isolation it works on one thread", async () => {
    const context = await browser.newContext({ serviceWorkers: "block" });
    const other = await context.newPage();
    await other.route("**/*", async (route) => {
      const response = await route.fetch();
      const headers = { ...response.headers() };
      delete headers["cross-origin-opener-policy"];
      delete headers["cross-origin-embedder-policy"];
      await route.fulfill({ response, headers });
    });
    await other.goto(address("#model=robot-arm"));
    expect(await settled(other)).toBeGreaterThan(0);
    expect(await other.evaluate(() => crossOriginIsolated)).toBe(false);
    await context.close();
  });

  test("on a GPU, in software here: the same lengths, and its runtime is fetched only then", async ({
    skip,
  }) => {
    const software = await openBrowser([
      "--enable-unsafe-webgpu",
      "--use-webgpu-adapter=swiftshader",
      "--enable-features=Vulkan",
    ]);
    const other = await software.newPage();
    const fetched: string[] = [];
    other.on("request", (request) => {
      if (/webgpu|asyncify/.test(request.url())) fetched.push(request.url());
    });
    await other.goto(address("#model=robot-arm&path=-1,-1;1,1"));
    const plain = await settled(other);
    expect(fetched).toEqual([]);
    const hasAdapter = await other.evaluate(async () => {
      const { gpu } = navigator as Navigator & { gpu?: { requestAdapter(): Promise<unknown> } };
      return Boolean(await gpu?.requestAdapter());
    });
    if (!hasAdapter) {
      await software.close();
      skip("this Chromium has no GPU in software");
    }
    const panel = other.getByRole("region", { name: "Engine" });
    await panel.getByText("Computed on this machine: WebAssembly").waitFor();
    await panel.getByRole("combobox").selectOption("webgpu");
    await panel.getByText("Computed on this machine: GPU (WebGPU).").waitFor({ timeout: 180_000 });
    await other.waitForSelector("[data-phase=settled]", { timeout: 300_000 });
    const length = Number(await other.locator("[data-length]").first().getAttribute("data-length"));
    expect(Math.abs(length / plain - 1)).toBeLessThan(1e-3);
    // Script, module and WebAssembly.
    expect(fetched).toHaveLength(3);
    await other.waitForFunction(() => location.hash.includes("engine=webgpu"));
    await software.close();
  }, 600_000);

  test("without a GPU a link that asks for one is served by WebAssembly, and says so", async () => {
    const without = await openBrowser(["--disable-gpu", "--disable-features=WebGPU"]);
    const other = await without.newPage();
    await other.goto(address("#model=robot-arm&path=-1,-1;1,1&engine=webgpu"));
    expect(await settled(other)).toBeGreaterThan(0);
    const panel = other.getByRole("region", { name: "Engine" });
    await panel.getByText("so it stays on WebAssembly").waitFor();
    await without.close();
  });

  test("says so when the worker is lost, and begins again", async () => {
    const other = await fresh();
    let lose = true;
    await other.route("**/worker-*.js", (route) => (lose ? route.abort() : route.continue()));
    await other.goto(address());
    await other.getByRole("alert").waitFor();
    lose = false;
    await other.getByRole("button", { name: "Start again" }).click();
    expect(await settled(other)).toBeGreaterThan(0);
    expect(await other.getByRole("alert").count()).toBe(0);
    await other.close();
    // The lost script itself is a complaint of the browser's.
    complaints.length = 0;
  });
});
