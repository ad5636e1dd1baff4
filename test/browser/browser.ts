/** @file The system's Chromium, or null where there is none: PULLBACK_CHROMIUM, or the usual places. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { Browser } from "playwright-core";
import { chromium } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

function executable(): string | null {
  const given = process.env.PULLBACK_CHROMIUM;
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin", "/usr/local/bin"];
  const usual = [
    ...folders.flatMap((folder) => names.map((name) => join(folder, name))),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  ];
  return (given ? [given] : usual).find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export const chromiumPath = executable();
if (!chromiumPath)
  console.log("skipped: no Chromium for test/browser (PULLBACK_CHROMIUM says where one is)");

/** `args` go to Chromium. */
export function openBrowser(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath as string,
    // Root has no sandbox; the pages are our own.
    args: [...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), ...args],
  });
}
