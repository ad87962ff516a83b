/**
 * The service worker, as the browser gets it: it shows a notice that was pushed, and opens what it tells of. It keeps
 * nothing and answers no request of a page.
 */
export const PUSH_WORKER_SCRIPT = `
self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('push', (event) => {
  const notice = read(event.data)
  // Browsers take the permission away where a message shows nothing.
  event.waitUntil(
    self.registration.showNotification(notice.title, {
      body: notice.body,
      // The page that is open shows the same notice under the same tag.
      tag: notice.id,
      icon: '/apple-icon.png',
      data: { path: notice.path },
    }),
  )
})

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(show(ownAddress(event.notification.data?.path)))
})

function read(data) {
  try {
    const { id, title, body, path } = data.json()
    return { id: String(id), title: String(title), body: String(body), path: String(path) }
  } catch {
    return { id: 'notice', title: 'Studyhall', body: 'Something happened in one of your teams.', path: '/' }
  }
}

function ownAddress(path) {
  const home = self.location.origin + '/'
  try {
    const url = new URL(path ?? '/', home)
    return url.origin === self.location.origin ? url.href : home
  } catch {
    return home
  }
}

async function show(address) {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  // Any other page stays as it is: somebody may be writing in it.
  const there = pages.find((page) => page.url === address)
  await (there ? there.focus() : self.clients.openWindow(address))
}
`
