/** What is kept of an entry of the browser's history while its page is away, so that Back and a reload lead to the same place. */

const STORED_AS = 'studyhall-places'
const MAX_ENTRIES = 200

/** By the entry's key, then by the name of the thing that scrolls or grows. */
type Places = Record<string, Record<string, number>>

let places: Places | null = null

/** Names the entry of the history that is shown; by its address in browsers that do not number them. */
export function currentEntry(): string {
  const { navigation } = window as { navigation?: { currentEntry?: { key: string } | null } }
  return navigation?.currentEntry?.key ?? location.href
}

/** How far a list with this address's filters had been read; null where it had not. */
export function readPlaceHere(name: string): number | null {
  return readPlace(currentEntry(), name + location.search)
}

export function keepPlaceHere(name: string, value: number): void {
  keepPlace(currentEntry(), name + location.search, value)
}

export function readPlace(entry: string, name: string): number | null {
  return allPlaces()[entry]?.[name] ?? null
}

export function keepPlace(entry: string, name: string, value: number): void {
  const { [entry]: own, ...others } = allPlaces()
  if (own) own[name] = value
  else
    places = Object.fromEntries([
      ...Object.entries(others).slice(1 - MAX_ENTRIES),
      [entry, { [name]: value }],
    ])
}

/** For the page that this tab loads next; in memory they are at hand anyway. */
export function storePlaces(): void {
  try {
    sessionStorage.setItem(STORED_AS, JSON.stringify(allPlaces()))
  } catch {
    // Without storage only a reload begins at the top.
  }
}

function allPlaces(): Places {
  places ??= readStored()
  return places
}

function readStored(): Places {
  try {
    return JSON.parse(sessionStorage.getItem(STORED_AS) ?? '{}') as Places
  } catch {
    return {}
  }
}
