import { expect, test } from "vitest";
import { html } from "../../../packages/pullback/src/report/html.ts";
import { duration, percent, significant } from "../../../packages/pullback/src/report/numbers.ts";

test("values are escaped, HTML is not, lists are joined, nothing is nothing", () => {
  const inner = html`<b>${"<&>"}</b>`;
  expect(html`<p title="${'"'}">${inner}${[1, "'"]}${undefined}${false}</p>`.text).toBe(
    '<p title="&quot;"><b>&lt;&amp;&gt;</b>1&#39;</p>',
  );
});

test.each([
  [0, "0"],
  [0.39123, "0.391"],
  [5.9, "5.90"],
  [12345.6, "12,346"],
  [1.234e-5, "1.23e-5"],
  [-88.52, "-88.5"],
  [Number.NaN, "–"],
])("%d is written %s", (value, expected) => {
  expect(significant(value)).toBe(expected);
});

test("all means all", () => {
  expect(percent(1)).toBe("100 %");
  expect(percent(0.999)).toBe("99 %");
  expect(percent(0)).toBe("0 %");
});

test.each([
  [2.345, "2.3 s"],
  [61.2, "61 s"],
  [125, "2 min 05 s"],
  [119.7, "2 min 00 s"],
  [7265, "2 h 01 min"],
])("%d seconds are %s", (seconds, expected) => {
  expect(duration(seconds)).toBe(expected);
});
