/** @file The site: the page's component on the whole of the document. */
import { mount } from "./mount.ts";
import { catalogue } from "./page/catalogue.ts";
import { isolate } from "./page/isolate.ts";
import "./page/site.css";

const element = document.getElementById("explorer");
if (!element) throw new Error("the document has no element #explorer");
if (!(await isolate(new URL("isolate.js", document.baseURI))))
  mount(element, {
    models: await catalogue(new URL("models.json", document.baseURI)),
    address: true,
  });
