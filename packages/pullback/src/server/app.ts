/**
 * @file The explorer's server: answers GET for a closed list of addresses, to requests that were
 * meant for it, with the headers that a page with threads needs.
 */
import { Hono } from "hono";
import type { Content } from "./content.ts";
import { typeOf } from "./content.ts";

/** Allows what is the site's own and nothing foreign; WebAssembly needs its word. */
export const contentPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "connect-src 'self'",
  "img-src 'self' data: blob:",
  "style-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

export const headers = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Content-Security-Policy": contentPolicy,
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
} as const;

/** Names under which this machine may be asked for; a page elsewhere that rebinds its name is not. */
const loopback = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** The application, without a socket. `host` is one more name that it may be asked by. */
export function explorerApp(content: Content, host = "127.0.0.1"): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(headers)) context.res.headers.set(name, value);
  });
  app.use(async (context, next) => {
    const asked = hostName(context.req.header("host"));
    // Bound to every address, it is known by names that cannot be foreseen.
    const open = host === "0.0.0.0" || host === "::";
    if (open || loopback.has(asked) || asked === host.toLowerCase()) return next();
    return context.text("403: this server answers to its own name only\n", 403);
  });
  app.on(["GET", "HEAD"], "*", async (context) => {
    const address = context.req.path.slice(1) || "index.html";
    const source = content.get(address);
    if (!source) return context.text("404: no such file\n", 404);
    const hashed = address.startsWith("assets/");
    const about = {
      "Content-Type": typeOf(address),
      "Cache-Control": hashed ? "public, max-age=31536000, immutable" : "no-cache",
      "Accept-Ranges": "bytes",
    };
    const range = context.req.header("range");
    const size = range ? await source.size() : 0;
    const part = range ? partOf(range, size) : null;
    if (!part) return context.body(Uint8Array.from(await source.read()), 200, about);
    const [from, to] = part;
    return context.body(Uint8Array.from(await source.read(from, to)), 206, {
      ...about,
      "Content-Range": `bytes ${from}-${to - 1}/${size}`,
    });
  });
  app.all("*", (context) => context.text("405: GET only\n", 405, { Allow: "GET, HEAD" }));
  return app;
}

/**
 * The bytes that `Range: bytes=128-1151` asks for, from one up to another; null for any other range, one that
 * begins behind the end included: all of the file is a right answer to it.
 */
function partOf(range: string, size: number): readonly [number, number] | null {
  const [, first, last] = /^bytes=(\d{1,15})-(\d{1,15})$/.exec(range) ?? [];
  const [from, to] = [Number(first), Math.min(Number(last) + 1, size)];
  return from < to ? [from, to] : null;
}

/** Without its port, in small letters: `[::1]:80` is `[::1]`. */
function hostName(header = ""): string {
  return header.replace(/:\d+$/, "").toLowerCase();
}
