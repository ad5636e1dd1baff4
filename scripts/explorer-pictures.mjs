/**
 * @file The README's pictures of the explorer, from the page itself: all of it, and a drag in three
 * steps. `npm run setup` first; needs Chromium (PULLBACK_CHROMIUM, or /usr/bin/chromium).
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { explorerApp } from "../packages/pullback/dist/server/app.js";
import { builtInModels, contentOf, siteFolder } from "../packages/pullback/dist/server/content.js";
import { listen } from "../packages/pullback/dist/server/listen.js";
import { root } from "./setup.mjs";

const content = await contentOf(await siteFolder(), await builtInModels());
const server = await listen(explorerApp(content), { host: "127.0.0.1", port: 0 });
const browser = await chromium.launch({
  executablePath: process.env.PULLBACK_CHROMIUM ?? "/usr/bin/chromium",
  args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
});
const to = (name) => join(root, "docs/figures", name);

async function open(hash, size) {
  const page = await browser.newPage({ viewport: size });
  await page.goto(`http://127.0.0.1:${server.port}/#${hash}`);
  await page.getByRole("button", { name: "Got it" }).click();
  await page.waitForSelector("[data-phase=settled]", { timeout: 60_000 });
  await page.waitForFunction(
    () => performance.getEntriesByName("pullback map 257").length > 0,
    null,
    {
      timeout: 60_000,
    },
  );
  await page.waitForTimeout(500);
  return page;
}

const whole = await open("model=digits&path=-1.1,-1.65;1.9,-0.8", { width: 1200, height: 860 });
await whole.screenshot({ path: to("explorer.png"), fullPage: true });
await whole.close();

const page = await open("model=pendulum", { width: 1200, height: 760 });
const box = await page.locator(".map").boundingBox();
const side = Math.min(440, box.height);
const clip = {
  x: box.x + (box.width - side) / 2,
  y: box.y + (box.height - side) / 2,
  width: side,
  height: side,
};
const steps = [await page.screenshot({ clip })];
const handle = await page.getByRole("slider", { name: "Last end" }).boundingBox();
const [x, y] = [handle.x + handle.width / 2, handle.y + handle.height / 2];
await page.mouse.move(x, y);
await page.mouse.down();
for (let i = 1; i <= 10; i++) {
  await page.mouse.move(x + 6 * i, y + 3 * i + 0.6 * i * i);
  await page.waitForTimeout(90);
}
steps.push(await page.screenshot({ clip }));
for (let i = 11; i <= 16; i++) {
  await page.mouse.move(x + 6 * i - (i - 10) ** 2, y + 3 * i + 0.6 * i * i);
  await page.waitForTimeout(90);
}
await page.mouse.up();
await page.mouse.move(5, 5);
await page.waitForSelector("[data-phase=settled]");
await page.waitForTimeout(300);
steps.push(await page.screenshot({ clip }));
const joined = await page.evaluate(
  async (shots) => {
    const images = await Promise.all(
      shots.map(async (shot) => {
        const image = new Image();
        image.src = `data:image/png;base64,${shot}`;
        await image.decode();
        return image;
      }),
    );
    const canvas = document.createElement("canvas");
    canvas.width = images.reduce((sum, { width }) => sum + width, 12 * (images.length - 1));
    canvas.height = images[0].height;
    const context = canvas.getContext("2d");
    context.fillStyle = "#ffffff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    for (const [i, image] of images.entries()) context.drawImage(image, i * (image.width + 12), 0);
    return canvas.toDataURL("image/png").split(",")[1];
  },
  steps.map((step) => step.toString("base64")),
);
writeFileSync(to("explorer-drag.png"), Buffer.from(joined, "base64"));
await browser.close();
await server.close();
