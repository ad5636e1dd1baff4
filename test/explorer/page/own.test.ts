import { describe, expect, test } from "vitest";
import { ownSource } from "../../../packages/explorer/src/page/own.ts";
import type { ModelSource } from "../../../packages/explorer/src/work/files.ts";

const files = (...names: string[]) => names.map((name) => ({ name, bytes: new Uint8Array(0) }));
const site: ModelSource = {
  kind: "site",
  base: "http://here/models/digits/",
  files: ["model.json", "decoder.onnx", "latents.npy", "labels.npy", "metadata.csv"],
};
/** Names of the visitor's files, and of those that stay. */
function names(source: ModelSource | null): unknown {
  if (source?.kind === "site") return [source.own?.map(({ name }) => name) ?? [], source.files];
  return source?.files.map(({ name }) => name) ?? null;
}

describe("a visitor's own files", () => {
  test("with a decoder among them are a model of their own", () => {
    const source = ownSource(files("mine.onnx", "codes.parquet"), site);
    expect(source?.kind).toBe("files");
    expect(names(source)).toEqual(["mine.onnx", "codes.parquet"]);
  });

  test("codes alone go with the decoder that is open, in the place of all that was known of its own", () => {
    expect(names(ownSource(files("codes.parquet"), site))).toEqual([
      ["codes.parquet"],
      ["model.json", "decoder.onnx"],
    ]);
    const open: ModelSource = { kind: "files", files: files("mine.onnx", "a.csv", "metadata.csv") };
    expect(names(ownSource(files("b.npy"), open))).toEqual(["b.npy", "mine.onnx"]);
  });

  test("a table called metadata leaves the codes where they are", () => {
    expect(names(ownSource(files("metadata.parquet"), site))).toEqual([
      ["metadata.parquet"],
      ["model.json", "decoder.onnx", "latents.npy", "labels.npy"],
    ]);
    const open: ModelSource = { kind: "files", files: files("mine.onnx", "a.csv", "metadata.csv") };
    expect(names(ownSource(files("metadata.parquet"), open))).toEqual([
      "metadata.parquet",
      "mine.onnx",
      "a.csv",
    ]);
  });

  test("originals leave the codes where they are, and go with codes that are replaced", () => {
    const whole: ModelSource = { ...site, files: [...site.files, "observations.npy"] };
    expect(names(ownSource(files("observations.npy"), whole))).toEqual([
      ["observations.npy"],
      site.files,
    ]);
    expect(names(ownSource(files("codes.csv"), whole))).toEqual([
      ["codes.csv"],
      ["model.json", "decoder.onnx"],
    ]);
    const described = ownSource(files("metadata.csv"), {
      ...whole,
      own: files("observations.npy"),
    });
    expect(String(names(described))).toMatch(/^metadata\.csv,observations\.npy,/);
  });

  test("codes without any decoder are no model", () => {
    expect(ownSource(files("codes.csv"), null)).toBeNull();
  });
});
