'use client'

import { useHotkeys } from '@mantine/hooks'
import { useRouter } from 'next/navigation'
import { useRef } from 'react'
import { openCommandPalette } from './command-palette.tsx'
import { openKeyboardHelp } from './keyboard-help.tsx'
import { teamPages } from './pages.ts'

const PAUSE_MS = 1_200

/** `?` shows the help, `/` goes to the page's search or to that of everything, `g` and then a page's letter goes there. */
export function useGoKeys(base: string) {
  const router = useRouter()
  const pressedGAt = useRef(0)
  useHotkeys([
    ['shift+?', openKeyboardHelp],
    ['?', openKeyboardHelp],
    ['/', focusSearch],
    ['g', () => (pressedGAt.current = Date.now()), { preventDefault: false }],
    ...teamPages.map(
      ({ key, path }) =>
        [
          key,
          () => {
            if (Date.now() - pressedGAt.current < PAUSE_MS) router.push(base + path)
            pressedGAt.current = 0
          },
          { preventDefault: false },
        ] as [string, () => void, { preventDefault: boolean }],
    ),
  ])
}

function focusSearch() {
  const own = document.querySelector<HTMLInputElement>('input[data-search]')
  if (own) own.focus()
  else openCommandPalette()
}
