/**
 * @file The README's pictures of the explorer, from the page itself: all of it (`explorer.png`), and a short
 * sequence (`explorer-drag.png`, an animated PNG): the first map, an end of a motion
 * of the robot arm dragged, the settled curve, distances from its end.
 *
 * Again: `npm run setup`, then `node scripts/explorer-pictures.mjs [--frames FOLDER]`, which also writes every
 * frame by itself, to be looked at. Needs Chromium (PULLBACK_CHROMIUM, or /usr/bin/chromium).
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import UPNG from "upng-js";
import { explorerApp } from "../packages/pullback/dist/server/app.js";
import { builtInModels, contentOf, siteFolder } from "../packages/pullback/dist/server/content.js";
import { listen } from "../packages/pullback/dist/server/listen.js";
import { root } from "./setup.mjs";

const { values } = parseArgs({ options: { frames: { type: "string" } } });
const content = await contentOf(await siteFolder(), await builtInModels());
const server = await listen(explorerApp(content), { host: "127.0.0.1", port: 0 });
const browser = await chromium.launch({
  executablePath: process.env.PULLBACK_CHROMIUM ?? "/usr/bin/chromium",
  args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
});
const to = (name) => join(root, "docs/figures", name);
const timeout = 180_000;
const settled = (page) => page.waitForSelector("[data-phase=settled]", { timeout });
const marked = (page, name) =>
  page.waitForFunction((each) => performance.getEntriesByName(each).length > 0, name, { timeout });

async function open(hash, size) {
  const page = await browser.newPage({ viewport: size });
  // No hint of a first visit.
  await page.addInitScript(() => localStorage.setItem("pullback explorer hint", "seen"));
  await page.goto(`http://127.0.0.1:${server.port}/#${hash}`);
  return page;
}

async function wholePage() {
  const page = await open("model=digits&path=-1.1,-1.65;1.9,-0.8", { width: 1200, height: 860 });
  await settled(page);
  await marked(page, "pullback map 257");
  await page.waitForTimeout(500);
  await page.screenshot({ path: to("explorer.png"), fullPage: true });
  await page.close();
}

/** A pointer that screenshots show, where the mouse is. */
function showPointer() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.innerHTML =
    '<path d="M4 2l15 11-7 1 4 7-3 1.500-4-7-5 5z" fill="#111" stroke="#fff" stroke-width="1.500"/>';
  const place = { position: "fixed", width: "26px", zIndex: "99", pointerEvents: "none" };
  Object.assign(svg.style, place, { left: "-40px", top: "-40px" });
  document.body.append(svg);
  addEventListener(
    "pointermove",
    ({ clientX, clientY }) =>
      Object.assign(svg.style, { left: `${clientX - 4}px`, top: `${clientY - 2}px` }),
    true,
  );
}

/** Frames and how long each stays, in milliseconds. */
async function sequence() {
  const size = { width: 1000, height: 740 };
  const page = await open("model=robot-arm&path=-1,-1;-0.2,1.4", size);
  const frames = [];
  const keep = async (stay) =>
    frames.push({ stay, png: await page.screenshot({ clip: { x: 0, y: 0, ...size } }) });
  await marked(page, "pullback first map");
  await page.evaluate(showPointer);
  await keep(700);
  await settled(page);
  await marked(page, "pullback map 257");
  await page.waitForTimeout(300);
  const end = await page.getByRole("slider", { name: "Last end" }).boundingBox();
  const [x, y] = [end.x + end.width / 2, end.y + end.height / 2];
  await page.mouse.move(x, y);
  await keep(1200);
  await page.mouse.down();
  // To (1, 1), in small steps as a hand does.
  const places = [
    [14, -10],
    [44, -8],
    [78, 12],
    [104, 48],
    [114, 92],
  ];
  let [fromX, fromY] = [0, 0];
  for (const [dx, dy] of places) {
    for (let step = 1; step <= 6; step++) {
      const share = step / 6;
      await page.mouse.move(x + fromX + share * (dx - fromX), y + fromY + share * (dy - fromY));
      await page.waitForTimeout(60);
    }
    [fromX, fromY] = [dx, dy];
    await page.waitForTimeout(150);
    await keep(350);
  }
  await page.mouse.up();
  await settled(page);
  await page.waitForTimeout(200);
  await keep(1800);
  const box = page.getByLabel("Distances from first end");
  await box.hover();
  await box.check();
  await page.locator(".around path").first().waitFor({ state: "attached", timeout });
  await page.waitForTimeout(300);
  await keep(2600);
  await page.close();
  return frames;
}

function writeSequence(frames) {
  const decoded = frames.map(({ png }) => UPNG.decode(png));
  const [{ width, height }] = decoded;
  const rgba = decoded.map((image) => UPNG.toRGBA8(image)[0]);
  const delays = frames.map(({ stay }) => stay);
  const bytes = Buffer.from(UPNG.encode(rgba, width, height, 256, delays));
  writeFileSync(to("explorer-drag.png"), bytes);
  console.log(`explorer-drag.png: ${frames.length} frames, ${Math.round(bytes.length / 1024)} kB`);
  if (!values.frames) return;
  mkdirSync(values.frames, { recursive: true });
  for (const [i, frame] of UPNG.toRGBA8(UPNG.decode(bytes)).entries())
    writeFileSync(
      join(values.frames, `${String(i).padStart(2, "0")}.png`),
      Buffer.from(UPNG.encode([frame], width, height, 0)),
    );
}

try {
  await wholePage();
  writeSequence(await sequence());
} finally {
  await browser.close();
  await server.close();
}
