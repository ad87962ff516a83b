'use client'

import { Alert, Button, Group, Modal, NumberInput, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { countOf } from '../../design/format-numbers.ts'
import { AddExperimentSeedsDocument } from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import type { PageExperiment } from './experiment-page.tsx'
import { freshSeeds } from './prove-it.ts'

const MOST_AT_ONCE = 50

interface Props {
  experiment: PageExperiment
  onAdded: () => void
}

/** Adds the next unused seeds to an experiment. */
export function AddSeedsButton({ experiment, onAdded }: Props) {
  const [opened, { open, close }] = useDisclosure(false)
  return (
    <>
      <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
        Add seeds
      </Button>
      {opened && <AddSeedsDialog experiment={experiment} onAdded={onAdded} onClose={close} />}
    </>
  )
}

function AddSeedsDialog({ experiment, onAdded, onClose }: Props & { onClose: () => void }) {
  const [addSeeds, busy] = useMutationWithRetry(AddExperimentSeedsDocument)
  const [count, setCount] = useState<number | string>(3)
  const [problems, setProblems] = useState<string[]>([])
  const wanted = Math.min(MOST_AT_ONCE, Math.max(1, Math.round(Number(count) || 1)))
  const perSeed = experiment.arms.length * experiment.conditions.length
  const submit = async () => {
    const seeds = freshSeeds(experiment.seeds, wanted)
    const answer = await addSeeds({ input: { experimentId: experiment.id, seeds } })
    if (!answer) return
    const { errors } = answer.addExperimentSeeds
    setProblems(errors.map(({ message }) => message))
    if (errors.length > 0) return
    onAdded()
    onClose()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Add seeds to experiment ${experiment.number}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
      centered
    >
      <Text size="sm" mb="sm">
        More seeds make the intervals narrower. Choose how many before you look at what they bring: adding
        until an effect shows finds one by chance.
      </Text>
      <NumberInput
        label="How many"
        description={`${countOf(wanted * perSeed, 'more trial')}`}
        min={1}
        max={MOST_AT_ONCE}
        value={count}
        onChange={setCount}
        data-autofocus
      />
      {problems.map((problem) => (
        <Alert key={problem} color="red" variant="light" mt="sm" role="alert">
          {problem}
        </Alert>
      ))}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={busy} onClick={() => void submit()}>
          Add seeds
        </Button>
      </Group>
    </Modal>
  )
}
