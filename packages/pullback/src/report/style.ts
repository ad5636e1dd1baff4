/** @file The style sheet of every page. Figures keep their white ground in dark surroundings. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1f2328; --faint: #5c6066; --line: #dcdcd8; --accent: #b34700;
}
@media (prefers-color-scheme: dark) {
  :root { --paper: #17191c; --ink: #e4e4e1; --faint: #a2a5aa; --line: #383b40; --accent: #f0955a; }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 2.5rem 1.25rem 3rem; max-width: 66rem;
  font: 1.0625rem/1.55 Charter, "Bitstream Charter", "Iowan Old Style", Georgia, serif;
  color: var(--ink); background: var(--paper);
}
h1, h2, .key, figcaption, table, nav, footer { font-family: Helvetica, Arial, "Liberation Sans", sans-serif; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .6rem; letter-spacing: -.01em; }
h2 { font-size: 1.2rem; margin: 2.6rem 0 .7rem; }
p { max-width: 42rem; margin: .6rem 0; }
a { color: var(--accent); }
code { font: .85em ui-monospace, Menlo, Consolas, "Liberation Mono", monospace; overflow-wrap: anywhere; }
.key { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 1rem 1.5rem; margin: 1.6rem 0 0; padding: 0; }
.key div { border-top: 2px solid var(--accent); padding-top: .45rem; }
.key dd { margin: 0; font-size: 1.5rem; line-height: 1.25; font-variant-numeric: tabular-nums; }
.key dt { font-size: .8125rem; line-height: 1.35; color: var(--faint); }
.key div { display: flex; flex-direction: column-reverse; justify-content: flex-end; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1.75rem; align-items: start; }
figure { margin: 1rem 0 0; min-width: 0; max-width: 40rem; }
figure .plate { background: #fff; border: 1px solid var(--line); border-radius: 4px; padding: .75rem; }
figure svg { display: block; width: 100%; max-width: 36rem; height: auto; margin: 0 auto; }
figcaption { margin-top: .6rem; font-size: .875rem; line-height: 1.5; color: var(--faint); }
figcaption b { color: var(--ink); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .875rem; line-height: 1.4; }
th, td { text-align: left; vertical-align: top; padding: .35rem 1.5rem .35rem 0; border-bottom: 1px solid var(--line); }
thead th { color: var(--faint); font-weight: normal; }
tbody th { font-weight: normal; }
td { font-variant-numeric: tabular-nums; }
td.note { color: var(--faint); min-width: 12rem; }
ul { max-width: 42rem; padding-left: 1.2rem; }
footer { margin-top: 3rem; padding-top: .8rem; border-top: 1px solid var(--line); font-size: .8125rem; color: var(--faint); }
@media (max-width: 32rem) {
  body { padding: 1.5rem 1rem 2rem; font-size: 1rem; }
  figure .plate { padding: .35rem; }
  th, td { padding-right: .9rem; }
}
@media print {
  :root { --paper: #fff; --ink: #000; --faint: #444; --line: #bbb; --accent: #8a3700; }
  body { padding: 0; max-width: none; font-size: 10.5pt; }
  figure, tr, .key div { break-inside: avoid; }
  h2 { break-after: avoid; }
  .figures { grid-template-columns: 1fr 1fr; }
  .wide { overflow: visible; }
}
`;
