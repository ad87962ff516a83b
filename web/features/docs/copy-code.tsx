'use client'

import { CopyValue } from '../../design/copy-value.tsx'

export function CopyCode({ text }: { text: string }) {
  return (
    <div className="absolute top-1.5 right-1.5">
      <CopyValue value={text.replace(/\n$/, '')} label="Copy" />
    </div>
  )
}
