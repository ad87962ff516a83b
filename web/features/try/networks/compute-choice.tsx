import { Button, Select } from '@mantine/core'
import { FormErrors } from '../../../design/error-notice.tsx'
import { countOf, formatBytes } from '../../../design/format-numbers.ts'
import { BACKEND_WORDS } from './load-tensorflow.ts'
import type { Students } from './use-students.ts'

/** A button to load the models if they are not loaded automatically, then the choice of backend. */
export function ComputeChoice({ students }: { students: Students }) {
  const { go, load, found, backends, networks, setWanted } = students
  if (!go) return <Button onClick={load}>Load the models</Button>
  if (!found) return null
  return (
    <Select
      aria-label="Backend"
      w={160}
      allowDeselect={false}
      data={found.map((value) => ({ value, label: BACKEND_WORDS[value] }))}
      value={networks.stage === 'ready' ? networks.backend : (backends?.[0] ?? null)}
      onChange={setWanted}
    />
  )
}

/** What could not be loaded, built or started, with a retry button. */
export function StudentsError({ students: { subjects, stages, networks, again } }: { students: Students }) {
  const isReady = networks.stage === 'ready'
  const describe = (message: string, i: number) => `${subjects[i]?.name}: ${message}`
  const problems = [
    ...stages.flatMap((stage, i) => (stage.stage === 'failed' ? describe(stage.message, i) : [])),
    ...(isReady ? networks.complaints : []),
    ...(isReady
      ? networks.networks.flatMap((one, i) => (typeof one === 'string' ? describe(one, i) : []))
      : []),
    ...(networks.stage === 'failed' ? [networks.message] : []),
  ]
  return (
    <>
      <FormErrors messages={problems} />
      {stages.some(({ stage }) => stage === 'failed') && (
        <Button variant="default" className="self-start" onClick={again}>
          Try again
        </Button>
      )}
    </>
  )
}

export function describeStages({ subjects, byteLength, go, stages, networks }: Students): string {
  if (!go) return `${countOf(subjects.length, 'model')}, ${formatBytes(byteLength)}, not loaded yet`
  const ready = stages.filter((stage) => stage.stage === 'ready')
  const downloaded = ready.filter(({ kept }) => !kept).length
  if (networks.stage !== 'ready') return `Loading: ${ready.length} of ${countOf(stages.length, 'model')} here`
  const where = downloaded === 0 ? 'cached by this browser' : 'downloaded and cached'
  return `${countOf(ready.length, 'model')} ready, ${where}`
}
