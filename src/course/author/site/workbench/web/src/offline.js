// The service worker that keeps the workbench for use without a network.

const PATIENCE = 15_000; // ms, for its small files; the core comes through it later

// Start it and wait until it serves this page; whether it does. Without it all works, online.
export async function keepForOffline(script) {
  if (!("serviceWorker" in navigator)) return false;
  try {
    await navigator.serviceWorker.register(script);
    if (navigator.serviceWorker.controller) return true;
    return await new Promise((resolve) => {
      navigator.serviceWorker.addEventListener("controllerchange", () => resolve(true));
      setTimeout(() => resolve(false), PATIENCE);
    });
  } catch {
    return false;
  }
}
