/** docs/support.md says what the table says. */
import { supportDocument } from "pullback-core";
import { expect, test } from "vitest";
import { lowerings } from "../../../../packages/core/src/graph/onnx/lower/index.ts";
import { limits } from "../../../../packages/core/src/graph/onnx/support.ts";

test("docs/support.md is what the table of operators says", async () => {
  await expect(supportDocument()).toMatchFileSnapshot("../../../../docs/support.md");
});

test("limits are those of operators that are there", () => {
  expect(Object.keys(limits).filter((name) => !lowerings.has(name))).toEqual([]);
});
