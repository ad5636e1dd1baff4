/** @file `pullback explore`: the page on this machine, or as a static site for any web host. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { claimFolder } from "../files/write.ts";
import { explorerApp } from "../server/app.ts";
import {
  builtInModels,
  contentOf,
  exportedModel,
  servedModel,
  siteFolder,
} from "../server/content.ts";
import { listen } from "../server/listen.ts";
import { command } from "./command.ts";
import { argument, option, path, text, wholeNumber } from "./options.ts";

export const explore = command({
  name: "explore",
  summary: "drag two points over the latent space, in the browser",
  arguments: {
    model: argument(
      "model folder or decoder .onnx (default: the models that come along)",
      v.optional(path),
    ),
  },
  options: {
    export: option(
      "DIR",
      "write the page as a static site instead of serving it",
      v.optional(path),
    ),
    port: option(
      "N",
      "port to serve on, 0 for any that is free",
      v.optional(wholeNumber(0), "4280"),
    ),
    host: option(
      "NAME",
      "address to bind to; others than this machine can reach it then",
      v.optional(text, "127.0.0.1"),
    ),
  },
  async run({ arguments: { model }, options, signal, note }) {
    const { port, host } = options;
    const target = options.export
      ? await claimFolder(options.export, {
          overwrite: options.overwrite,
          markers: ["models.json"],
        })
      : null;
    const own = model === undefined ? [] : [await servedModel(model, options.set)];
    const all = [...own, ...(await builtInModels())];
    const models = target ? await Promise.all(all.map(exportedModel)) : all;
    for (const [i, { title, files }] of models.entries())
      if (files.size < (all[i]?.files.size ?? 0))
        note(`${title}: observations.npy stays out of the site, it is larger than 32 MB`);
    const content = await contentOf(await siteFolder(), models, { paths: !target });
    const names = models.map(({ title }) => title);
    if (target && options.export) {
      await target.write(async (folder) => {
        for (const [address, source] of content) {
          const file = join(folder, address);
          await mkdir(dirname(file), { recursive: true });
          await writeFile(file, await source.read());
        }
      });
      return {
        text: `wrote ${content.size} files, models ${names.join(", ")}: ${options.export}`,
        json: { out: options.export, files: content.size, models: names },
      };
    }
    const server = await listen(explorerApp(content, host), { host, port });
    const address = `http://${host.includes(":") ? `[${host}]` : host}:${server.port}/`;
    note(`${address}   (Ctrl-C ends it)`);
    await new Promise<void>((resume) => {
      if (signal.aborted) resume();
      else signal.addEventListener("abort", () => resume(), { once: true });
    });
    await server.close();
    return { text: "stopped", json: { address, models: names } };
  },
});
