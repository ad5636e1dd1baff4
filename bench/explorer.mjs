/**
 * @file How fast the explorer is, in headless Chromium with software rendering, against the figures
 * that it is meant to reach.
 *
 *     node bench/explorer.mjs MODEL [--threads 1|2]
 *
 * Times are those of the page's own marks (User Timing), from the start of navigation. The drag moves
 * one end in small steps for three seconds; a long task is one that keeps the page's main thread for
 * 50 ms or more.
 */
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { explorerApp } from "../packages/pullback/dist/server/app.js";
import { contentOf, servedModel, siteFolder } from "../packages/pullback/dist/server/content.js";
import { listen } from "../packages/pullback/dist/server/listen.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { threads: { type: "string", default: "2" } },
});
const content = await contentOf(await siteFolder(), [await servedModel(positionals[0])]);
const server = await listen(explorerApp(content), { host: "127.0.0.1", port: 0 });
const browser = await chromium.launch({
  executablePath: process.env.PULLBACK_CHROMIUM ?? "/usr/bin/chromium",
  args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
await page.addInitScript((threads) => {
  Object.defineProperty(navigator, "hardwareConcurrency", { get: () => threads });
  window.longTasks = [];
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      window.longTasks.push([startTime, duration]);
  }).observe({ entryTypes: ["longtask"] });
}, Number(values.threads));
const mark = (name) =>
  page
    .waitForFunction((each) => performance.getEntriesByName(each).length > 0, name, {
      timeout: 60_000,
    })
    .then(() => page.evaluate((each) => performance.getEntriesByName(each)[0].startTime, name));
const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(2)} s`;

await page.goto(`http://127.0.0.1:${server.port}/`);
console.log(
  `threads of the map        ${values.threads}, isolated ${await page.evaluate(() => crossOriginIsolated)}`,
);
console.log(`first map (33 x 33)       ${seconds(await mark("pullback first map"))}`);
console.log(`map refined to 257 x 257  ${seconds(await mark("pullback map 257"))}`);
console.log(`first geodesic settled    ${seconds(await mark("pullback settled"))}`);

const box = await page.getByRole("slider", { name: "First end" }).boundingBox();
const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
await page.mouse.move(x, y);
await page.mouse.down();
await page.evaluate(() => performance.clearMarks("pullback follow"));
const from = await page.evaluate(() => performance.now());
for (let step = 0, end = Date.now() + 3000; Date.now() < end; step++) {
  await page.mouse.move(x + 60 * Math.sin(step / 25), y + 60 * (1 - Math.cos(step / 25)));
  await page.waitForTimeout(8);
}
const [count, to, long] = await page.evaluate(
  (since) => [
    performance.getEntriesByName("pullback follow").length,
    performance.now(),
    window.longTasks.filter(([start]) => start >= since).map(([, duration]) => duration),
  ],
  from,
);
await page.mouse.up();
console.log(
  `geodesics while dragging  ${((1000 * count) / (to - from)).toFixed(1)} a second (one thread, 50 segments)`,
);
console.log(
  `longest task meanwhile    ${long.length ? `${Math.max(...long).toFixed(0)} ms (${long.length} of 50 ms or more)` : "below 50 ms"}`,
);

const rate = await page.evaluate(async () => {
  const map = document.querySelector(".map");
  const box = map.getBoundingClientRect();
  const at = (type, dx) =>
    map.dispatchEvent(
      new PointerEvent(type, {
        pointerId: 1,
        bubbles: true,
        button: 0,
        clientX: box.left + 300 + dx,
        clientY: box.top + 300,
      }),
    );
  const original = map.setPointerCapture;
  map.setPointerCapture = () => {};
  at("pointerdown", 0);
  const start = performance.now();
  let frames = 0;
  while (performance.now() - start < 2000) {
    at("pointermove", 80 * Math.sin(frames / 20));
    await new Promise((resume) => requestAnimationFrame(resume));
    frames++;
  }
  at("pointerup", 0);
  map.setPointerCapture = original;
  return (1000 * frames) / (performance.now() - start);
});
console.log(`frames a second of a pan  ${rate.toFixed(1)}`);
await browser.close();
await server.close();
