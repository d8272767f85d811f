/** Long enough that nothing of it competes with what is shown first. */
const restMs = 1_500

/** H5 only: keeps the app itself on the phone, so that it opens without network, and says when a
 *  newer one is ready. The weapp build leaves this file out. */
export async function keepAppOffline(onUpdate: (apply: () => void) => void): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  await new Promise((resolve) => setTimeout(resolve, restMs))
  const { Workbox } = await import('workbox-window')
  const workbox = new Workbox('/sw.js')
  workbox.addEventListener('waiting', () => {
    onUpdate(() => {
      workbox.addEventListener('controlling', () => window.location.reload())
      workbox.messageSkipWaiting()
    })
  })
  await workbox.register()
}
