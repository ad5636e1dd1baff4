/** @file `pullback report`: the whole picture of one model as one page. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { programCache, summarise } from "pullback-core";
import * as v from "valibot";
import { nativeEngine } from "../engine/onnxruntime.ts";
import { claimFolder } from "../files/write.ts";
import { serverDocument } from "../report/document.ts";
import { make } from "../report/make.ts";
import { percent, significant } from "../report/numbers.ts";
import { report as reportPage } from "../report/report.ts";
import { openSubject } from "../report/subject.ts";
import { command } from "./command.ts";
import { argument, option, path, wholeNumber } from "./options.ts";

export const report = command({
  name: "report",
  summary: "the whole picture of one model: map, geodesics, numbers, on one page",
  arguments: { model: argument("model folder", path) },
  options: {
    out: option("DIR", "folder to write index.html into", path),
    pairs: option("N", "random pairs of codes to connect", v.optional(wholeNumber(2), "100")),
  },
  async run({ arguments: { model }, options, ...terminal }) {
    const { out, overwrite, pairs, seed } = options;
    const target = await claimFolder(out, { overwrite, markers: ["index.html"] });
    const subject = await openSubject(model, options.set);
    const engine = nativeEngine(options);
    try {
      const found = await make({ cache: programCache(engine), subject, pairs, seed }, terminal);
      const page = reportPage(serverDocument(), found);
      await target.write((folder) => writeFile(join(folder, "index.html"), page));
      const summary = summarise(found.result.geodesics);
      return {
        text: `${summary.pairs} pairs, geodesics ${significant(summary.ratio, 2)} times as long as straight lines, ${percent(summary.converged)} converged: ${join(out, "index.html")}`,
        json: { out: join(out, "index.html"), ...summary },
      };
    } finally {
      await engine.dispose();
    }
  },
});
