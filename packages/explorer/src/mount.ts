/** @file The explorer as a component of any page: `mount(element, options)`. */
import mjs from "onnxruntime-web/ort-wasm-simd-threaded.mjs?url";
import wasm from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import { mount as mountComponent, unmount } from "svelte";
import App from "./page/App.svelte";
import type { SiteModel } from "./page/catalogue.ts";
import { Explorer } from "./page/explorer.svelte.ts";
import type { Port } from "./protocol/client.ts";

export interface MountOptions {
  /** Models to choose from; the first is opened. */
  readonly models?: readonly SiteModel[];
  /** Keeps the state in the page's address, so that a link brings it back. */
  readonly address?: boolean;
}

export interface Mounted {
  /** Ends all work and empties the element. */
  destroy(): void;
}

/** Shows the explorer in an element. */
export function mount(
  element: HTMLElement,
  { models = [], address = false }: MountOptions,
): Mounted {
  const absolute = (file: string): string => new URL(file, document.baseURI).href;
  const explorer = new Explorer({
    spawn: () =>
      new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }) as unknown as Port,
    runtime: { mjs: absolute(mjs), wasm: absolute(wasm) },
    threads: Math.min(4, navigator.hardwareConcurrency || 1),
  });
  const component = mountComponent(App, { target: element, props: { explorer, models, address } });
  return {
    destroy() {
      explorer.close();
      void unmount(component);
    },
  };
}
