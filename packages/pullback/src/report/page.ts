/** @file One self-contained page: everything inline, nothing fetched. */
import { Html, html, svg } from "./html.ts";
import { style } from "./style.ts";

export interface Page {
  readonly title: string;
  /** What the page is, in a sentence or two. */
  readonly lead: Html;
  /** The few numbers that matter most. */
  readonly key?: readonly KeyNumber[];
  readonly sections: readonly Section[];
  readonly foot: Html;
}

export interface KeyNumber {
  readonly value: string;
  readonly label: string;
}

export interface Section {
  readonly title: string;
  readonly body: Html;
}

/** A figure with its caption, which starts with what one sees. */
export interface Plate {
  /** File name without ending, where figures are written beside the page. */
  readonly name: string;
  readonly svg: string;
  readonly caption: Html;
}

export function page({ title, lead, key = [], sections, foot }: Page): string {
  const body = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${new Html(style)}</style>
</head>
<body>
<h1>${title}</h1>
<p>${lead}</p>
${key.length > 0 && keyNumbers(key)}
${sections.map(({ title: name, body: content }) => html`<section><h2>${name}</h2>${content}</section>\n`)}
<footer>${foot}</footer>
</body>
</html>
`;
  return body.text;
}

function keyNumbers(key: readonly KeyNumber[]): Html {
  return html`<dl class="key">${key.map(
    ({ value, label }) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`,
  )}</dl>`;
}

/** Figures side by side where there is room. */
export function plates(of: readonly Plate[]): Html {
  return html`<div class="figures">${of.map(
    ({ svg: picture, caption }) =>
      html`<figure><div class="plate">${svg(picture)}</div><figcaption>${caption}</figcaption></figure>`,
  )}</div>`;
}

/** Rows of a name and its values, with a head where the columns need names. */
export function table(
  rows: readonly (readonly (string | number | Html)[])[],
  head?: readonly string[],
): Html {
  return html`<div class="wide"><table>${
    head && html`<thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>`
  }<tbody>${rows.map(
    ([name = "", ...cells]) =>
      html`<tr><th scope="row">${name}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`,
  )}</tbody></table></div>`;
}
