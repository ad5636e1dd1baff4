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
    const read = content.get(address);
    if (!read) return context.text("404: no such file\n", 404);
    const bytes = await read();
    const hashed = address.startsWith("assets/");
    return context.body(Uint8Array.from(bytes), 200, {
      "Content-Type": typeOf(address),
      "Cache-Control": hashed ? "public, max-age=31536000, immutable" : "no-cache",
    });
  });
  app.all("*", (context) => context.text("405: GET only\n", 405, { Allow: "GET, HEAD" }));
  return app;
}

/** Without its port, in small letters: `[::1]:80` is `[::1]`. */
function hostName(header = ""): string {
  return header.replace(/:\d+$/, "").toLowerCase();
}
