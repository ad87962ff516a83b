'use client'

import { Button, Group, Radio, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { FormErrors } from '../../design/error-notice.tsx'
import {
  DrainWorkerDocument,
  ResumeWorkerDocument,
  type WorkerRowFragment,
} from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'

interface Props {
  worker: WorkerRowFragment
  onChanged: () => void
}

/** Drains or resumes one worker: for whoever administers the instance. */
export function WorkerActions({ worker, onChanged }: Props) {
  const { name, drainedAt } = worker
  const [resume, busy] = useMutationWithRetry(ResumeWorkerDocument)
  const takeAgain = async () => {
    const answer = await resume({ input: { workerName: name } })
    for (const { message } of answer?.resumeWorker.errors ?? [])
      notifications.show({ color: 'red', title: 'Nothing was changed', message })
    onChanged()
  }
  return drainedAt === null ? (
    <Button size="compact-sm" variant="default" onClick={() => openDrainForm({ worker, onChanged })}>
      Drain<span className="sr-only">&nbsp;{name}</span>
    </Button>
  ) : (
    <Button size="compact-sm" variant="default" loading={busy} onClick={() => void takeAgain()}>
      Resume<span className="sr-only">&nbsp;{name}</span>
    </Button>
  )
}

function openDrainForm({ worker, onChanged }: Props): void {
  const close = () => modals.close('drain')
  modals.open({
    modalId: 'drain',
    title: `Drain ${worker.name}`,
    children: <DrainForm worker={worker} onChanged={onChanged} onDone={close} />,
  })
}

function DrainForm({ worker, onChanged, onDone }: Props & { onDone: () => void }) {
  const [drain, busy] = useMutationWithRetry(DrainWorkerDocument)
  const [way, setWay] = useState<'finish' | 'hand back'>('finish')
  const [problems, setProblems] = useState<string[]>([])
  const submit = async () => {
    const answer = await drain({ input: { workerName: worker.name, handsBack: way === 'hand back' } })
    if (!answer) return
    setProblems(answer.drainWorker.errors.map(({ message }) => message))
    if (!answer.drainWorker.worker) return
    onChanged()
    onDone()
  }
  return (
    <div className="flex flex-col gap-4">
      <FormErrors messages={problems} />
      <Text size="sm">
        It takes no run, import, export or explanation until it is resumed, also when it is started again on
        this machine.
      </Text>
      <Radio.Group
        label="What it trains now"
        value={way}
        onChange={(value) => setWay(value as 'finish' | 'hand back')}
      >
        <div className="mt-2 flex flex-col gap-2">
          <Radio value="finish" label="it finishes" />
          <Radio
            value="hand back"
            label="it saves and hands back"
            description="Another worker goes on from there, to the same weights; without another one the runs wait."
          />
        </div>
      </Radio.Group>
      <Group justify="flex-end">
        <Button variant="default" onClick={onDone}>
          Leave it as it is
        </Button>
        <Button loading={busy} onClick={() => void submit()}>
          Drain it
        </Button>
      </Group>
    </div>
  )
}
