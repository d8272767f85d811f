/** The whole site is kept on the device, so that it opens without signal. A new version waits until
 *  the page sends `{ type: 'SKIP_WAITING' }`, so that nobody loses a form half filled in. */
export async function writeServiceWorker(site) {
  const { generateSW } = await import('workbox-build')
  const { warnings } = await generateSW({
    mode: 'production',
    globDirectory: site,
    globPatterns: ['**/*.{js,css,html,webmanifest,png,jpg,jpeg,svg,webp,gif,ico}'],
    swDest: `${site}/sw.js`,
    dontCacheBustURLsMatching: /\.[0-9a-f]{8}\./,
    maximumFileSizeToCacheInBytes: 4 * 1024 * 1024,
    navigateFallback: '/index.html',
    navigateFallbackDenylist: [/^\/(v1|healthz|readyz|demo)/],
    cleanupOutdatedCaches: true,
    skipWaiting: false, // workbox then listens for SKIP_WAITING
    clientsClaim: true,
    inlineWorkboxRuntime: true,
    sourcemap: false,
  })
  // A file left out of the cache would be missed only by a member without signal.
  if (warnings.length > 0) throw new Error(warnings.join('\n'))
}
