'use client'

import { useApolloClient } from '@apollo/client/react'
import { Button, NumberInput, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { FormErrors } from '../../design/error-notice.tsx'
import { showFieldErrors } from '../../graphql/form-errors.ts'
import {
  type QuotaKind,
  type QuotaRowFragment,
  SetTeamQuotaDocument,
} from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'

const GIBIBYTE = 1024 ** 3

interface Props {
  team: { id: string; name: string }
  quotas: QuotaRowFragment[]
}

export function openQuotaForm(props: Props): void {
  modals.open({
    modalId: 'quota',
    title: `Limits of ${props.team.name}`,
    children: <QuotaForm {...props} onDone={() => modals.close('quota')} />,
  })
}

const FIELDS = [
  {
    name: 'storedBytesSoft',
    label: 'Stored: warn from, GiB',
    kind: 'STORED_BYTES',
    side: 'soft',
    unit: GIBIBYTE,
  },
  {
    name: 'storedBytesHard',
    label: 'Stored: at most, GiB',
    kind: 'STORED_BYTES',
    side: 'hard',
    unit: GIBIBYTE,
  },
  {
    name: 'deviceHoursSoft',
    label: 'Device hours a month: warn from',
    kind: 'DEVICE_HOURS',
    side: 'soft',
    unit: 1,
  },
  {
    name: 'deviceHoursHard',
    label: 'Device hours a month: at most',
    kind: 'DEVICE_HOURS',
    side: 'hard',
    unit: 1,
  },
  { name: 'runsAtOnce', label: 'Runs at a time', kind: 'RUNS_AT_ONCE', side: 'hard', unit: 1 },
  { name: 'queuedRuns', label: 'Runs waiting', kind: 'QUEUED_RUNS', side: 'hard', unit: 1 },
  {
    name: 'uploadedBytes',
    label: 'Uploads: at most, GiB',
    kind: 'UPLOADED_BYTES',
    side: 'hard',
    unit: GIBIBYTE,
  },
] as const satisfies { name: string; label: string; kind: QuotaKind; side: 'soft' | 'hard'; unit: number }[]

type Values = Record<(typeof FIELDS)[number]['name'], number | ''>

function QuotaForm({ team, quotas, onDone }: Props & { onDone: () => void }) {
  const [setQuota, busy] = useMutationWithRetry(SetTeamQuotaDocument)
  const { cache } = useApolloClient()
  const [problems, setProblems] = useState<string[]>([])
  const form = useForm<Values>({ initialValues: valuesOf(quotas) })
  const submit = form.onSubmit(async (values) => {
    const answer = await setQuota({ input: { teamId: team.id, ...limitsOf(values) } })
    if (!answer) return
    const { quotas: set, errors } = answer.setTeamQuota
    setProblems(
      showFieldErrors(
        form,
        errors,
        FIELDS.map(({ name }) => name),
      ),
    )
    if (!set) return
    const id = cache.identify({ __typename: 'InstanceTeam', id: team.id })
    cache.modify({ id, fields: { quotas: () => set } })
    notifications.show({ message: `The limits of ${team.name} are set.` })
    onDone()
  })
  return (
    <form onSubmit={submit} aria-label={`Limits of ${team.name}`} className="flex flex-col gap-4">
      <FormErrors messages={problems} />
      <Text size="sm" c="dimmed">
        An empty field is no limit; the last three always have one.
      </Text>
      {FIELDS.map(({ name, label }) => (
        <NumberInput key={name} label={label} min={0} hideControls {...form.getInputProps(name)} />
      ))}
      <Button type="submit" loading={busy}>
        Set the limits
      </Button>
    </form>
  )
}

function valuesOf(quotas: QuotaRowFragment[]): Values {
  const value = ({ kind, side, unit }: (typeof FIELDS)[number]) => {
    const limit = quotas.find((quota) => quota.kind === kind)?.[side]
    return limit == null ? '' : limit / unit
  }
  return Object.fromEntries(FIELDS.map((field) => [field.name, value(field)])) as Values
}

/** Null takes a limit away; where a team always has one, an empty field leaves it. */
function limitsOf(values: Values) {
  return Object.fromEntries(
    FIELDS.map(({ name, unit }) => {
      const value = values[name]
      if (value === '') return [name, null]
      return [name, unit === 1 ? value : Math.round(value * unit)]
    }),
  )
}
