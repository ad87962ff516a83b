import type { FieldPolicy } from '@apollo/client'

/** The API's addresses have its public origin; a page asks for them where it came from, which is all that its policy allows. */
export const ownPath: FieldPolicy<string | null> = {
  read: (address) => {
    if (!address) return address
    const { pathname, search } = new URL(address, 'http://localhost')
    return `${pathname}${search}`
  },
}
