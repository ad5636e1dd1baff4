/**
 * @file Threads on hosts that send no COOP and COEP: a service worker adds them, from the next load
 * on. Where there can be none, the page works on one thread.
 */

/** Milliseconds. */
const patience = 3000;
const tried = "pullback explorer isolation";

/** True where the page is about to be loaded again, isolated. */
export async function isolate(script: URL): Promise<boolean> {
  if (crossOriginIsolated || !isSecureContext || !("serviceWorker" in navigator)) return false;
  try {
    // Once a visit: a browser that does not isolate in spite of it must not load for ever.
    if (sessionStorage.getItem(tried)) return false;
    sessionStorage.setItem(tried, "1");
    await navigator.serviceWorker.register(script);
    // Where a browser accepts the script and never runs it, `ready` never comes.
    const late = new Promise((_, reject) => setTimeout(reject, patience));
    await Promise.race([navigator.serviceWorker.ready, late]);
  } catch {
    return false;
  }
  location.reload();
  return true;
}
