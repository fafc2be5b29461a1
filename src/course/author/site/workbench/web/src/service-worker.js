// Serves the workbench from a cache once it was there. `FILES` is written above this line when the
// site is built: its pages, its small files, and the core. All but pages carry a hash or a version
// in their names, so what is in the cache is right for ever; pages are asked for anew first.
/* global FILES */

const CACHE = `minigrad workbench ${self.registration.scope}`;
const wanted = new Set(Object.values(FILES).flat().map(addressOf));

function addressOf(name) {
  return new URL(name, self.registration.scope).href;
}

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(keep([...FILES.pages, ...FILES.small]));
});

async function keep(names) {
  const cache = await caches.open(CACHE);
  await cache.addAll(names.map(addressOf));
}

self.addEventListener("activate", (event) => event.waitUntil(tidy()));

async function tidy() {
  const cache = await caches.open(CACHE);
  for (const request of await cache.keys()) {
    if (!wanted.has(request.url)) await cache.delete(request);
  }
  await self.clients.claim();
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = request.url.split(/[?#]/)[0];
  if (request.method !== "GET" || !wanted.has(address)) return;
  event.respondWith(request.mode === "navigate" ? fresh(address) : kept(address));
});

async function fresh(address) {
  try {
    const response = await fetch(address, { cache: "no-cache" });
    return response.ok ? await put(address, response) : response;
  } catch (error) {
    const found = await (await caches.open(CACHE)).match(address);
    if (found) return found;
    throw error;
  }
}

async function kept(address) {
  const found = await (await caches.open(CACHE)).match(address);
  if (found) return found;
  const response = await fetch(address);
  return response.ok ? put(address, response) : response;
}

async function put(address, response) {
  try {
    const cache = await caches.open(CACHE);
    await cache.put(address, response.clone());
  } catch {
    // No room: it comes from the network then.
  }
  return response;
}
