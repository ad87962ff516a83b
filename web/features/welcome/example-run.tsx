'use client'

import { Alert } from '@mantine/core'
import { IconPlayerRecord } from '@tabler/icons-react'
import { LinkButton } from '../../design/link-button.tsx'
import { SharedFrame } from '../shared/shared-frame.tsx'
import { SharedRun } from '../shared/shared-run.tsx'
import { RECORDED, RECORDED_ON, RUN } from './replayed-run.ts'

/** A finished run to look around in before one has trained anything: real, and from another machine. */
export function ExampleRun() {
  const { machine, engineBuild } = RECORDED
  return (
    <SharedFrame isNarrow={false} note="Recorded, to read">
      <Alert
        mb="lg"
        variant="light"
        icon={<IconPlayerRecord size={18} />}
        title="A real run, trained on another machine"
      >
        Recorded on {RECORDED_ON} on {machine.cores} cores of an {machine.processor}, without a graphics card,
        by build {engineBuild} of the engine. It belongs to no team and has used none of anybody’s device
        hours. “Try with an example” on the first page of a new team trains the very same.
        <div className="mt-3">
          <LinkButton href="/" size="xs">
            Start your own
          </LinkButton>
        </div>
      </Alert>
      <SharedRun run={RUN} />
    </SharedFrame>
  )
}
