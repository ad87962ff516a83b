'use client'

import { Text } from '@mantine/core'
import { CopyValue } from '../../design/copy-value.tsx'
import { TextLink } from '../../design/link-button.tsx'
import { Panel } from '../../design/panel.tsx'
import type { TrainedRowFragment } from '../../graphql/generated/operations.ts'
import { useTeam } from '../../team-scope.ts'

/** Commands for scripts: download the file, and resume an interrupted download. */
export function CurlPanel({ trained }: { trained: TrainedRowFragment }) {
  const { base } = useTeam()
  const [artifact] = trained.artifacts
  if (!artifact) return null
  const origin = typeof location === 'undefined' ? '' : location.origin
  const key = '-H "Authorization: Bearer $STUDYHALL_KEY"'
  const once = `curl -fL ${key} -o ${artifact.fileName} ${origin}/files/${artifact.id}`
  const resumed = `curl -fL -C - --retry 9 ${key} -o ${artifact.fileName} ${origin}/files/${artifact.id}`
  return (
    <Panel
      title="From a script"
      note={
        <>
          With an API key of the team, made in the{' '}
          <TextLink href={`${base}/settings`} size="sm" underline="always">
            settings
          </TextLink>
        </>
      }
    >
      <Command label="Download" command={once} />
      <Command label="Download with resume" command={resumed} />
      <Command label="Check" command={`echo "${artifact.sha256}  ${artifact.fileName}" | sha256sum -c`} />
    </Panel>
  )
}

function Command({ label, command }: { label: string; command: string }) {
  return (
    <div className="mb-3">
      <div className="flex items-center justify-between">
        <Text size="xs" c="dimmed">
          {label}
        </Text>
        <CopyValue value={command} label={`Copy: ${label}`} />
      </div>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
        tabIndex={0}
        className="m-0 overflow-x-auto rounded-md border border-[var(--line)] bg-[var(--surface-muted)] p-3 font-mono text-xs"
      >
        {command}
      </pre>
    </div>
  )
}
