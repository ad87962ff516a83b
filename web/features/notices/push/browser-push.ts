/** What a browser has of the Push API, and its subscription to this instance. */

const WORKER = '/push-worker.js'

/** Why this browser cannot be sent notices, in a sentence; null if it can. */
export function whyNoPush(): string | null {
  if (!window.isSecureContext)
    return 'Notices are sent to browsers only where the pages are reached by https.'
  if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window))
    return 'This browser takes no notices while no page is open. On an iPhone or iPad, add the page to the home screen first.'
  // The panel says so already.
  if (Notification.permission === 'denied') return 'Nor can it be sent any while no page is open.'
  return null
}

/** Asks the browser for a subscription, and for its permission if it has not been asked. @throws Error in a sentence */
export async function subscribeBrowser(applicationServerKey: string) {
  if ((await Notification.requestPermission()) !== 'granted')
    throw new Error('The browser was not allowed to show notices.')
  const registration = await navigator.serviceWorker.register(WORKER)
  await navigator.serviceWorker.ready
  // One for another key, as of an instance whose secret was replaced, would be refused.
  await (await registration.pushManager.getSubscription())?.unsubscribe()
  const subscription = await registration.pushManager
    .subscribe({ userVisibleOnly: true, applicationServerKey })
    .catch((error: Error) => {
      throw new Error(`The browser’s push service could not be reached: ${error.message}`)
    })
  const { endpoint = '', keys: { p256dh = '', auth = '' } = {} } = subscription.toJSON()
  return { endpoint, p256dh, auth }
}

export async function unsubscribeBrowser(): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration(WORKER)
  await (await registration?.pushManager.getSubscription())?.unsubscribe()
}
