// The service worker that keeps the workbench for use without a network.

const PATIENCE = 15_000; // ms, for its small files; the core comes through it later

// Start it and wait until it serves this page. Without it all works, online.
export async function keepForOffline(script) {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register(script);
    if (navigator.serviceWorker.controller) return;
    await new Promise((resolve) => {
      navigator.serviceWorker.addEventListener("controllerchange", resolve);
      setTimeout(resolve, PATIENCE);
    });
  } catch {
    // A browser that refuses it, such as in a private window.
  }
}

// Whether all of some addresses are kept.
export async function areKept(addresses) {
  try {
    const found = await Promise.all(addresses.map((address) => caches.match(address)));
    return found.every(Boolean);
  } catch {
    return false;
  }
}
