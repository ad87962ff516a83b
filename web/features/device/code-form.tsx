import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { shownCode } from './shown-code.ts'

/** Asks for the code that a program shows. */
export function CodeForm({ onCode }: { onCode: (code: string) => void }) {
  const [code, setCode] = useState('')
  const shown = shownCode(code)
  return (
    <form
      aria-label="Code"
      className="flex max-w-md flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (shown) onCode(shown)
      }}
    >
      <TextInput
        label="Code that the program shows"
        placeholder="BCDF-GHJK"
        maxLength={20}
        value={code}
        onChange={({ currentTarget }) => setCode(currentTarget.value)}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      />
      <div>
        <Button type="submit" disabled={shown === ''}>
          Continue
        </Button>
      </div>
    </form>
  )
}
