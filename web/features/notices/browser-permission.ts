export type BrowserPermission = NotificationPermission | 'missing'

/** What the browser allows this site; `missing` where it shows no notifications at all, as over plain http. */
export function readBrowserPermission(): BrowserPermission {
  return 'Notification' in window ? Notification.permission : 'missing'
}

export function mayNotify(): boolean {
  return readBrowserPermission() === 'granted'
}
