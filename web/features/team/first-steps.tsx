'use client'

import { Button, Text, ThemeIcon, Title } from '@mantine/core'
import { IconCheck, IconPlayerPlay } from '@tabler/icons-react'
import { useState } from 'react'
import { FormErrors } from '../../design/error-notice.tsx'
import { LinkButton, TextLink } from '../../design/link-button.tsx'
import { CreateSampleDatasetDocument, type TeamHomeQuery } from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import { useTeam } from '../../team-scope.ts'
import { useVersionLive } from '../datasets/version/use-version-live.ts'
import { isImporting } from '../datasets/version/version-status.tsx'
import { EXAMPLE_PATH } from '../shared/example-path.ts'
import { useExample } from './use-example.ts'

type Team = NonNullable<TeamHomeQuery['team']>

/** The steps to a team's first run, one at a time; hidden once there is a run. */
export function FirstSteps({ team, onImported }: { team: Team; onImported: () => void }) {
  const { base } = useTeam()
  const dataset = team.datasets.edges[0]?.node
  const cohort = team.cohorts.edges[0]?.node
  const ready = dataset?.latestReadyVersion
  const importing = dataset && !ready ? dataset.versions[0] : undefined
  useVersionLive(importing && isImporting(importing) ? importing.id : null, onImported)
  const steps = [
    {
      title: 'Add images',
      done: Boolean(dataset),
      text:
        importing && importing.status !== 'FAILED'
          ? 'The images are being imported.'
          : '6,000 sample images come with Studyhall.',
      action: <AddSample teamId={team.id} />,
    },
    {
      title: 'Build a cohort',
      done: Boolean(cohort),
      text: 'Two small networks that teach each other.',
      action: <LinkButton href={`${base}/cohorts/new`}>Build a cohort</LinkButton>,
    },
    {
      title: 'Start a run',
      done: false,
      text:
        ready || !dataset
          ? 'Train the cohort on the images and watch it live.'
          : 'As soon as the images are imported.',
      action: (
        <LinkButton
          href={`${base}/runs/new${cohort && ready ? `?cohort=${cohort.id}&dataset=${ready.id}` : ''}`}
          disabled={!ready}
        >
          Start a run
        </LinkButton>
      ),
    },
  ]
  const example = useExample(team)
  const current = steps.findIndex(({ done }) => !done)
  return (
    <section
      aria-labelledby="first-steps"
      className="mb-6 rounded-lg border border-[var(--line)] bg-[var(--surface)] p-5"
    >
      <Title order={2} id="first-steps" mb="md">
        Your first run in three steps
      </Title>
      {(current === 0 || example.isUnderWay) && (
        <div className="mb-5 flex flex-wrap items-center gap-3">
          <Button
            variant="default"
            leftSection={<IconPlayerPlay size={16} />}
            onClick={() => void example.begin()}
            loading={example.isUnderWay}
          >
            Try with an example
          </Button>
          <Text size="sm" c="dimmed" role="status">
            {example.isUnderWay
              ? 'The sample images are being imported; the run starts after that.'
              : 'All three at once: sample images, two ResNet-8, and a run of about a minute.'}
          </Text>
          {!example.isUnderWay && (
            <TextLink href={EXAMPLE_PATH} size="sm" className="inline-flex min-h-6 items-center">
              or look around in a finished one
            </TextLink>
          )}
        </div>
      )}
      <FormErrors messages={example.problems} />
      <ol className="m-0 grid list-none gap-5 p-0 md:grid-cols-3">
        {steps.map((step, index) => (
          <li key={step.title} className="flex gap-3" aria-current={index === current ? 'step' : undefined}>
            <ThemeIcon
              radius="xl"
              size={28}
              variant={index <= current && !step.done ? 'filled' : 'default'}
              className="numbers text-sm"
            >
              {step.done ? <IconCheck size={16} aria-label="done" /> : index + 1}
            </ThemeIcon>
            <div className="min-w-0">
              <Text fw={600}>{step.title}</Text>
              <Text size="sm" c="dimmed">
                {step.done && index === 0 && !importing
                  ? dataset?.name
                  : step.done && index === 1
                    ? cohort?.name
                    : step.text}
              </Text>
              {index === current && <div className="mt-3">{step.action}</div>}
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** Adds the sample dataset without leaving the page: the card then shows the next step. */
function AddSample({ teamId }: { teamId: string }) {
  const { base } = useTeam()
  const [problems, setProblems] = useState<string[]>([])
  const [createSample, busy] = useMutationWithRetry(CreateSampleDatasetDocument, {
    refetchQueries: ['TeamHome'],
  })
  const add = async () => {
    const answer = await createSample({ input: { teamId } })
    if (answer) setProblems(answer.createSampleDataset.errors.map(({ message }) => message))
  }
  return (
    <div className="flex flex-col items-start gap-2">
      <Button onClick={add} loading={busy}>
        Add the sample dataset
      </Button>
      <TextLink href={`${base}/datasets`} size="sm" className="inline-flex min-h-6 items-center">
        or upload your own
      </TextLink>
      <FormErrors messages={problems} />
    </div>
  )
}
