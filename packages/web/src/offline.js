// The service worker: the page's own files are kept, so that it opens without a network. The page keeps its data itself.
/* global SHELL, VERSION -- put in by scripts/build.js: the files of this build, and a name that no other build has */

const cacheName = `descent-page-${VERSION}`;

addEventListener('install', (event) => {
  // Past the browser's own cache, so that files of two builds never mix.
  const fresh = SHELL.map((file) => new Request(file, { cache: 'reload' }));
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(fresh)));
  skipWaiting();
});

addEventListener('activate', (event) => {
  event.waitUntil(forgetOthers().then(() => clients.claim()));
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

async function forgetOthers() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith('descent-page-') && name !== cacheName);
  await Promise.all(old.map((name) => caches.delete(name)));
}
