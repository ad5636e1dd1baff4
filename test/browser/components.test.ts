/// <reference lib="dom" />
/** @file The main components of the explorer, each alone in a real Chromium over a state that is given. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { readCsv } from "pullback-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, openBrowser } from "./browser.ts";
import type { ComponentPage, Given, GivenTrack } from "./components/page.ts";

const root = join(import.meta.dirname, "../..");

/** The components with their page as one script and one style sheet. */
async function bundle(): Promise<{ readonly script: string; readonly style: string }> {
  const tools = createRequire(join(root, "packages/explorer/package.json"));
  const { build } = (await import(tools.resolve("vite"))) as typeof import("vite");
  const { svelte } = (await import(
    tools.resolve("@sveltejs/vite-plugin-svelte")
  )) as typeof import("@sveltejs/vite-plugin-svelte");
  const outDir = mkdtempSync(join(tmpdir(), "pullback-components-"));
  await build({
    root: join(import.meta.dirname, "components"),
    configFile: false,
    logLevel: "error",
    plugins: [svelte({ configFile: false, compilerOptions: { css: "external" } })],
    resolve: {
      alias: { "pullback-core": join(root, "packages/core/src/index.ts") },
      conditions: ["svelte", "module", "browser", "import"],
    },
    build: {
      outDir,
      minify: false,
      cssCodeSplit: false,
      lib: { entry: "page.ts", formats: ["iife"], name: "componentsUnderTest" },
    },
  });
  const read = (ending: string): string => {
    const name = readdirSync(outDir).find((file) => file.endsWith(ending));
    return readFileSync(join(outDir, name as string), "utf8");
  };
  const files = { script: read(".js"), style: read(".css") };
  rmSync(outDir, { recursive: true });
  return files;
}

const description = {
  format: 1,
  name: "test model",
  latentDimension: 2,
  dataDimension: 2,
  observationShape: [2],
  drawing: { kind: "curve" },
};
const about: Given["about"] = {
  description,
  latents: [0, 0, 1, 0, 0, 1, 1, 1],
  kinked: false,
  engine: "none",
};
const frames = 3;
/** Two nodes more than ends, frames at equal steps. */
const track = (length: number, velocity: readonly number[]): GivenTrack => ({
  curve: [0, 0, 0.5, 0.5, 1, 1],
  length,
  velocity,
  observations: Array.from({ length: 2 * frames }, (_, i) => i / 6),
  at: [0, 0.5, 1],
});
const tracks = [track(1.23456, [2, 2, 2]), track(2, [1, 4, 1])] as const;
const path = [
  [0, 0],
  [1, 1],
];
const leg = {
  from: [0, 0],
  to: [1, 1],
  curve: [
    [0, 0],
    [0.5, 0.6],
    [1, 1],
  ],
  velocity: [2, 2, 2],
  length: 1.23456,
  straightLength: 2,
  chordLength: 1.1,
  discretisationError: 0.004,
  speedSpread: 1.05,
  localMinimum: true,
  status: "converged",
  message: "",
};

describe.skipIf(!chromiumPath)("a component alone", () => {
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    const [files, opened] = await Promise.all([bundle(), openBrowser()]);
    browser = opened;
    page = await browser.newPage({ viewport: { width: 900, height: 700 } });
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.setContent(
      '<!doctype html><div class="pullback-explorer"><div id="root"></div></div>',
    );
    await page.addStyleTag({ content: files.style });
    await page.addScriptTag({ content: files.script });
  }, 120_000);
  afterAll(() => browser?.close());
  afterEach(() => {
    expect(complaints.splice(0)).toEqual([]);
  });

  const show = (name: Parameters<ComponentPage["show"]>[0], given: Partial<Given>) =>
    page.evaluate(([component, state]) => componentPage.show(component, state), [
      name,
      { about, ...given },
    ] as const);
  const asked = () => page.evaluate(() => componentPage.asked());
  const text = (selector: string) => page.locator(selector).allInnerTexts();

  describe("Certificate", () => {
    test("while it follows, lengths are said to be about", async () => {
      await show("Certificate", { path, tracks });
      expect(await text("dd")).toEqual(["≈1.23", "≈2"]);
      expect(await text(".status")).toEqual(["following…"]);
      expect(await text("li")).toEqual([]);
    });

    test("settled, it says lengths to four digits, their ratio and how good they are", async () => {
      await show("Certificate", { path, tracks, geodesics: [leg] });
      expect(await text("dd")).toEqual(["1.235", "2"]);
      expect(await text(".ratio")).toEqual([
        "The geodesic is 38 % shorter in the pull-back metric G.",
      ]);
      expect(await page.locator(".bar span").evaluate((bar) => bar.style.width)).toMatch(/^61\.7/);
      expect(await text("li")).toEqual([
        "No small change makes it shorter: it is a minimum.",
        "The length is right to 0.4 %.",
        "No curve can be shorter than 1.1, the distance of the two decoded ends.",
        "Its speed is even.",
      ]);
    });

    test("one leg that did not converge is what counts", async () => {
      const stalled = { ...leg, status: "stalled", message: "No step helps; try another start." };
      await show("Certificate", { path, tracks, geodesics: [leg, stalled] });
      expect(await text(".status")).toEqual(["stalled"]);
      expect(await page.locator("[data-status]").getAttribute("data-status")).toBe("stalled");
      expect((await text("li"))[0]).toBe("No step helps; try another start.");
    });

    test("in another metric it says lengths in both", async () => {
      const smooth = { ...leg, smoothedLength: 3, smoothedStraightLength: 6 };
      const metric = { name: "smoothed", lambda: 10 } as const;
      await show("Certificate", { path, tracks, geodesics: [smooth, smooth], metric });
      expect(await text(".ratio")).toEqual([
        "In the smoothed metric Ĝ 6 against 12; above, the same curves in G.",
      ]);
    });
  });

  describe("Velocity", () => {
    test("an even speed is a level line at its value, the greatest reaches the top", async () => {
      await show("Velocity", { path, tracks });
      const heights = async (kind: string): Promise<number[]> => {
        const d = await page.locator(`svg > path.${kind}`).getAttribute("d");
        return [...(d ?? "").matchAll(/,([\d.]+)/g)].map(([, y]) => Number(y));
      };
      // 10 at the top for the speed 4, 126 at the bottom for none.
      expect(await heights("geodesic")).toEqual([68, 68, 68]);
      expect(await heights("straight")).toEqual([97, 10, 97]);
      expect(await page.getByRole("img").getAttribute("aria-label")).toBe(
        "Velocity over the parameter: the geodesic between 2 and 2, the straight line between 1 and 4",
      );
    });

    test("a pointer over it looks at that place of both curves, and away at none", async () => {
      await show("Velocity", { path, tracks });
      const box = await page.locator("svg").boundingBox();
      if (!box) throw new Error("the chart has no box");
      const middle = box.x + 44 + (box.width - 52) / 4;
      await page.mouse.move(middle, box.y + 60);
      expect(await page.evaluate(() => componentPage.spot())).toBeCloseTo(0.25, 2);
      const heights = await page
        .locator("svg > circle")
        .evaluateAll((all) => all.map((each) => Number(each.getAttribute("cy"))));
      // Half way between 1 and 4, and 2.
      expect(heights[0]).toBeCloseTo(126 - (2.5 / 4) * 116, 0);
      expect(heights[1]).toBeCloseTo(68, 6);
      await page.mouse.move(box.x + 60, box.y + box.height + 200);
      expect(await page.evaluate(() => componentPage.spot())).toBeNull();
    });
  });

  describe("Strip", () => {
    test("draws every frame of both, and the place that is looked at", async () => {
      await show("Strip", { path, tracks });
      expect(await text("h2")).toEqual(["Geodesic length 1.23", "Straight line length 2"]);
      expect(await page.locator(".frame.geodesic svg").count()).toBe(frames);
      expect(await page.locator(".frame.straight svg").count()).toBe(frames);
      await page.evaluate(() => componentPage.spot(0.6));
      // 0.6 is nearest to the frame at 0.5.
      const on = await page
        .locator(".frame.geodesic")
        .evaluateAll((all) => all.map((each) => each.classList.contains("on")));
      expect(on).toEqual([false, true, false]);
    });

    test("decodes both curves where it plays, and stops at no place", async () => {
      await show("Strip", { path, tracks });
      await page.getByRole("button", { name: "Play" }).click();
      await page.waitForFunction(() => componentPage.asked().length > 0);
      const [kind, points] = (await asked())[0] as [string, Record<string, number>];
      expect(kind).toBe("decode");
      // Both curves run along the diagonal: equal coordinates, two points.
      const values = Object.values(points);
      expect(values).toHaveLength(4);
      expect(values[0]).toBeCloseTo(values[1] as number, 12);
      await page.getByRole("button", { name: "Stop" }).click();
      expect(await page.evaluate(() => componentPage.spot())).toBeNull();
    });
  });

  describe("Strip, whatever is drawn", () => {
    /** A strip of three frames whose observations are D numbers each. */
    const showDrawn = (drawing: object, shape: readonly number[], numbers: readonly number[]) => {
      const D = shape.reduce((a, b) => a * b, 1);
      const observations = Array.from(
        { length: 3 * D },
        (_, i) => numbers[i % numbers.length] ?? 0,
      );
      const drawn = tracks.map((each) => ({ ...each, observations }));
      return show("Strip", {
        about: {
          ...about,
          description: { ...description, dataDimension: D, observationShape: shape, drawing },
        },
        path,
        tracks: drawn as unknown as Given["tracks"],
      });
    };
    const pixel = (): Promise<number[]> =>
      page
        .locator(".frame.geodesic canvas")
        .first()
        .evaluate((canvas: HTMLCanvasElement) => {
          const context = canvas.getContext("2d") as CanvasRenderingContext2D;
          return [...context.getImageData(0, 0, 1, 1).data];
        });

    test("one channel is ink on paper", async () => {
      await showDrawn({ kind: "image", channels: 1 }, [2, 2], [1, 0, 0, 0]);
      expect(await pixel()).toEqual([0, 0, 0, 255]);
    });

    test.each([
      ["last", [2, 2, 3], [1, 0, 0.2, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
      ["first", [3, 2, 2], [1, 0, 0, 0, 0, 0, 0, 0, 0.2, 0, 0, 0]],
    ])("three channels are red, green and blue: channels %s", async (_, shape, numbers) => {
      await showDrawn({ kind: "image", channels: 3 }, shape, numbers);
      expect(await pixel()).toEqual([255, 0, 51, 255]);
    });

    test("an arm of six joints, and a skeleton of bones, differ with their angles", async () => {
      const bones = [
        { name: "trunk", offset: [0, 1, 0], turns: [{ about: "z", column: 0 }] },
        { name: "head", parent: 0, offset: [0, 0.3, 0], turns: [{ about: "x", column: 1 }] },
      ];
      for (const [drawing, shape, one, other] of [
        [{ kind: "arm" }, [6], [0, -1, 1, 0, 0.5, 0], [0.4, -1, 1.3, 0, 0.5, 0]],
        [{ kind: "skeleton", bones }, [2], [0, 0], [40, 0]],
      ] as const) {
        await showDrawn(drawing, shape, one);
        const drawn = await page.locator(".frame.geodesic svg").first().innerHTML();
        await showDrawn(drawing, shape, other);
        const turned = await page.locator(".frame.geodesic svg").first().innerHTML();
        expect(drawn).toMatch(/<(path|line|circle|g)/);
        expect(turned, drawing.kind).not.toBe(drawn);
        expect(turned).not.toMatch("NaN");
      }
    });

    test("what is not finite is said instead of drawn", async () => {
      await showDrawn({ kind: "curve" }, [2], [Number.NaN, 1]);
      expect((await text(".frame.geodesic"))[0]).toBe("not finite");
    });

    test("a phone has every other frame, the ends among them, and a player too", async () => {
      await page.setViewportSize({ width: 390, height: 844 });
      const five = tracks.map((each) => ({
        ...each,
        observations: Array.from({ length: 10 }, (_, i) => i),
        at: [0, 0.25, 0.5, 0.75, 1],
      }));
      await show("Strip", { path, tracks: five as unknown as Given["tracks"] });
      await page.waitForFunction(
        () => document.querySelectorAll(".frame.geodesic svg").length === 3,
      );
      await page.getByRole("button", { name: "Play" }).waitFor();
      await page.evaluate(() => componentPage.spot(0.8));
      const on = await page
        .locator(".frame.straight")
        .evaluateAll((all) => all.map((each) => each.classList.contains("on")));
      expect(on).toEqual([false, false, true]);
      await page.setViewportSize({ width: 900, height: 700 });
    });
  });

  describe("Legend", () => {
    const logs = Array.from({ length: 9 }, (_, i) => Math.log(1 + i));

    test("ticks of the map at their logarithms", async () => {
      await show("Legend", { logs });
      const ticks = await page
        .locator(".ticks span")
        .evaluateAll((all) =>
          all.map((each) => [
            each.textContent,
            Number(/([\d.e-]+)%/.exec((each as HTMLElement).style.left)?.[1]),
          ]),
        );
      for (const [label, left] of ticks as [string, number][])
        expect(left).toBeCloseTo((100 * Math.log(Number(label))) / Math.log(9), 3);
      expect(ticks.length).toBeGreaterThan(2);
    });

    test("a class that is pressed is left out, and comes back", async () => {
      const labels = [0, 1, 1, 0];
      const named = { ...description, labelNames: ["fox", "owl"] };
      await show("Legend", { about: { ...about, labels, description: named } });
      const owl = page.getByRole("button", { name: "owl" });
      expect(await owl.getAttribute("aria-pressed")).toBe("true");
      await owl.click();
      expect(await owl.getAttribute("aria-pressed")).toBe("false");
      expect((await page.evaluate(() => componentPage.filters())).map(([name]) => name)).toEqual([
        "class",
      ]);
      await owl.click();
      expect(await page.evaluate(() => componentPage.filters())).toEqual([]);
    });

    test("a range keeps what is between its ends; a field that is cleared means the end", async () => {
      await show("Legend", { about: { ...about, values: [1.5, 2.5, 3.5, 9] } });
      expect(await text(".ends span")).toEqual(["1.5", "9"]);
      const from = page.getByLabel("value from");
      await from.fill("2");
      await from.press("Tab");
      expect(await page.evaluate(() => componentPage.filters())).toEqual([
        ["value", { kind: "range", from: 2, to: 9 }],
      ]);
      await from.fill("");
      await from.press("Tab");
      expect(await page.evaluate(() => componentPage.filters())).toEqual([]);
    });

    test("an angle has a ring of quarters", async () => {
      const value = { name: "angle", unit: "°", period: 360 };
      const values = [0, 10.5, 200, 359];
      await show("Legend", { about: { ...about, values, description: { ...description, value } } });
      expect(await text(".ringed span")).toEqual(["0°", "90°", "180°", "270°"]);
    });
  });

  describe("Filter", () => {
    const columns = [
      { name: "kind", fields: ["fox", "owl", "fox", null] },
      { name: "age", fields: [1.5, 2.5, null, 9] },
      { name: "note", fields: ["a young one", "old", "very old", "x"] },
    ];
    const panel = () => page.getByRole("region", { name: "Filter" });

    test("is not there where nothing is known beside what colours", async () => {
      await show("Filter", { about: { ...about, labels: [0, 1, 1, 0] } });
      expect(await panel().count()).toBe(0);
    });

    test("what is searched and what is in the range is drawn, until all is shown again", async () => {
      await show("Filter", { columns });
      expect(await panel().locator("summary .name").allInnerTexts()).toEqual(["age"]);
      expect(await panel().locator("summary .range").allInnerTexts()).toEqual(["1.5 to 9"]);
      await panel().getByRole("searchbox").fill("OLD");
      await panel().getByText("2 of 4 codes are drawn.").waitFor();
      await panel().getByText("age").click();
      await panel().getByLabel("age to").fill("3");
      await panel().getByLabel("age to").press("Tab");
      await panel().getByText("1 of 4 codes are drawn.").waitFor();
      expect(await panel().locator("summary .range").allInnerTexts()).toEqual(["filtered"]);
      await panel().getByRole("button", { name: "Show all codes" }).click();
      expect(await panel().getByText("codes are drawn").count()).toBe(0);
      expect(await page.evaluate(() => componentPage.filters())).toEqual([]);
      expect(await panel().getByRole("searchbox").inputValue()).toBe("");
    });
  });

  describe("Metric", () => {
    test("what the model lacks for a metric is said, and it cannot be chosen", async () => {
      await show("Metric", { about: { ...about, latents: [] } });
      const options = await page
        .locator("option")
        .evaluateAll((all) =>
          all.map((each) => [
            (each as HTMLOptionElement).value,
            (each as HTMLOptionElement).disabled,
          ]),
        );
      expect(options).toEqual([
        ["pullback", false],
        ["smoothed", true],
        ["expected", true],
        ["fisher-rao", true],
      ]);
      expect(await text("option")).toContain("Fisher–Rao (needs a likelihood)");
    });

    test("the smoothed metric asks which lambdas matter, and takes one of them", async () => {
      await show("Metric", { path, tracks, answers: { lambdas: [1, 10, 100] } });
      await page.getByRole("combobox").selectOption("smoothed");
      await page.getByText("1e+2", { exact: true }).waitFor();
      const chosen = (await asked()).filter(([kind]) => kind === "metric");
      // Of both workers.
      expect(chosen).toEqual([
        ["metric", { name: "smoothed", lambda: 100 }],
        ["metric", { name: "smoothed", lambda: 100 }],
      ]);
      await page.getByRole("slider", { name: "Rank" }).press("ArrowRight");
      await page.waitForFunction(() =>
        componentPage.asked().some(([, ask]) => (ask as { rank?: number })?.rank === 1),
      );
    });

    test("distances are asked from the first end, once they are wanted", async () => {
      await show("Metric", {
        path: [
          [0.25, 0.5],
          [1, 1],
        ],
        tracks,
      });
      expect((await asked()).filter(([kind]) => kind === "around")).toEqual([]);
      await page.getByLabel("Distances from first end").check();
      await page.waitForFunction(() => componentPage.asked().some(([kind]) => kind === "around"));
      const [, ask] = (await asked()).find(([kind]) => kind === "around") ?? [];
      expect(ask).toEqual({ source: [0.25, 0.5], nearest: 50 });
    });
  });

  describe("Save", () => {
    test("the command names model and metric, and the pairs are those of the path", async () => {
      const metric = { name: "smoothed", lambda: 10, rank: 1 } as const;
      await show("Save", { path: [...path, [2, 0.5]], tracks, metric });
      await page.getByText("Save and share").click();
      expect(await text("code")).toEqual([
        "npx pullback geodesics 'test model' --pairs pairs.csv --out curves.json --metric smoothed --lambda 10 --rank 1",
      ]);
      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: "pairs.csv" }).click();
      const saved = readFileSync(await (await download).path(), "utf8");
      expect([...readCsv(saved).values.data]).toEqual([0, 0, 1, 1, 1, 1, 2, 0.5]);
    });

    test("curves can be saved once they are settled: a row a node with its speed", async () => {
      await show("Save", { path, tracks });
      await page.getByText("Save and share").click();
      expect(await page.getByRole("button", { name: "CSV", exact: true }).isDisabled()).toBe(true);
      await show("Save", { path, tracks, geodesics: [leg] });
      await page.getByText("Save and share").click();
      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: "CSV", exact: true }).click();
      const { header, values } = readCsv(readFileSync(await (await download).path(), "utf8"));
      expect(header).toEqual(["leg", "t", "z1", "z2", "velocity"]);
      expect([...values.data]).toEqual([1, 0, 0, 0, 2, 1, 0.5, 0.5, 0.6, 2, 1, 1, 1, 1, 2]);
    });
  });
});

declare const componentPage: ComponentPage;
