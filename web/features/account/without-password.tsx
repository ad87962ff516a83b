'use client'

import { Button } from '@mantine/core'
import { useState } from 'react'
import { FormErrors } from '../../design/error-notice.tsx'

interface Props {
  button: string
  /** @returns what was wrong */
  onConfirm: () => Promise<{ message?: string | undefined } | null>
}

/** In place of the password, for whoever has none: that they have just signed in is looked at by the server. */
export function WithoutPassword({ button, onConfirm }: Props) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const confirm = async () => {
    setBusy(true)
    const error = await onConfirm()
    setBusy(false)
    setProblem(error?.message ?? null)
  }
  return (
    <>
      <FormErrors messages={problem ? [problem] : []} />
      <Button color="red" loading={busy} onClick={() => void confirm()}>
        {button}
      </Button>
    </>
  )
}
