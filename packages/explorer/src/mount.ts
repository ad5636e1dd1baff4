/** @file The explorer as a component of any page: `mount(element, options)`. */
import gpuMjs from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url";
import gpuWasm from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url";
import mjs from "onnxruntime-web/ort-wasm-simd-threaded.mjs?url";
import wasm from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import { mount as mountComponent, unmount } from "svelte";
import App from "./page/App.svelte";
import type { SiteModel } from "./page/catalogue.ts";
import { Explorer } from "./page/explorer.svelte.ts";
import { named } from "./page/own.ts";
import type { Port } from "./protocol/client.ts";

/** A file by its address, or what is in it. */
export type FileSource = string | URL | Blob | Uint8Array;

export interface MountOptions {
  /** Decoder `.onnx`: one input [n, d], an output with a row for each. */
  readonly decoder?: FileSource;
  /** Latent codes [n, d] as `.npy`, or a table (`.csv`, `.parquet`) whose further columns describe them. */
  readonly latents?: FileSource;
  /** A table (`.csv`, `.parquet`) that describes the codes, row for row. */
  readonly metadata?: FileSource;
  /** The observations that the codes stand for, `.npy` [n, D], in the decoder's units; read as a whole. */
  readonly observations?: FileSource;
  /** Class of each code, `.npy` [n]. */
  readonly labels?: FileSource;
  /** One number a code, `.npy` [n]. */
  readonly values?: FileSource;
  /** `model.json` of a model folder: shape of the observations, how they are drawn, likelihood. */
  readonly description?: FileSource;
  /** Models of a site to choose from; the first is opened where no decoder is given. */
  readonly models?: readonly SiteModel[];
  /** Keeps the state in the page's address, so that a link brings it back. False by default. */
  readonly address?: boolean;
  /** Threads; all cores up to four by default, and one where the page is not isolated. */
  readonly threads?: number;
}

export interface Mounted {
  /** Ends all work and empties the element. */
  destroy(): void;
}

/**
 * Shows the explorer in an element, whose width it takes. The style is `explorer.css` beside this
 * module. What does not fit is said in the element itself.
 */
export function mount(element: HTMLElement, options: MountOptions): Mounted {
  const { models = [], address = false, threads } = options;
  const absolute = (file: string): string => new URL(file, document.baseURI).href;
  const explorer = new Explorer({
    spawn: () =>
      new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }) as unknown as Port,
    runtime: {
      wasm: { mjs: absolute(mjs), wasm: absolute(wasm) },
      webgpu: { mjs: absolute(gpuMjs), wasm: absolute(gpuWasm) },
    },
    threads: threads ?? Math.min(4, navigator.hardwareConcurrency || 1),
  });
  const component = mountComponent(App, {
    target: element,
    props: { explorer, models, address, own: options.decoder ? named(options) : null },
  });
  return {
    destroy() {
      explorer.close();
      void unmount(component);
    },
  };
}
