// The service worker. It caches the files of the page, so that the page opens without a network. The page caches its data itself.
/* global SHELL, VERSION -- defined by scripts/build.js: the files of this build, and a unique name of the build */

const cacheName = `descent-page-${VERSION}`;

addEventListener('install', (event) => {
  // Bypasses the browser's own cache, so that files of two builds never mix.
  const fresh = SHELL.map((file) => new Request(file, { cache: 'reload' }));
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(fresh)));
  skipWaiting();
});

addEventListener('activate', (event) => {
  event.waitUntil(deleteOldCaches().then(() => clients.claim()));
});

addEventListener('fetch', (event) => {
  const { pathname } = new URL(event.request.url);
  if (event.request.method !== 'GET' || pathname.includes('/data/')) return;
  event.respondWith(answer(event.request));
});

async function answer(request) {
  const cache = await caches.open(cacheName);
  return (await cache.match(request, { ignoreSearch: true })) ?? fetch(request);
}

async function deleteOldCaches() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith('descent-page-') && name !== cacheName);
  await Promise.all(old.map((name) => caches.delete(name)));
}
