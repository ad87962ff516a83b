'use client'

import { useQuery } from '@apollo/client/react'
import { Button, NumberInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { FormErrors } from '../../design/error-notice.tsx'
import { NotLoaded } from '../../design/not-loaded.tsx'
import { Panel } from '../../design/panel.tsx'
import { showFieldErrors } from '../../graphql/form-errors.ts'
import {
  type DeviceKind,
  DevicePricesDocument,
  type DevicePricesQuery,
  SetDevicePriceDocument,
} from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'

const DEVICES: DeviceKind[] = ['CPU', 'GPU']

/** What an hour on each kind of device costs: runs tell what they cost by it. */
export function PricesPanel() {
  const { data, error, refetch } = useQuery(DevicePricesDocument, { fetchPolicy: 'cache-and-network' })
  return (
    <Panel
      title="Price of a device hour"
      note="Of one run at a time. Runs tell what they cost by it, also those that have ended; without a price they tell their hours."
    >
      {!data ? (
        <NotLoaded
          title="The prices could not be loaded"
          error={error}
          onRetry={() => void refetch()}
          rows={2}
        />
      ) : (
        <div className="flex flex-col gap-4">
          {DEVICES.map((device) => (
            <PriceForm
              key={device}
              device={device}
              price={data.devicePrices.find((price) => price.device === device)}
              onSet={() => void refetch()}
            />
          ))}
        </div>
      )}
    </Panel>
  )
}

interface Props {
  device: DeviceKind
  price: DevicePricesQuery['devicePrices'][number] | undefined
  onSet: () => void
}

interface Values {
  perHour: number | ''
  currency: string
}

function PriceForm({ device, price, onSet }: Props) {
  const [setPrice, busy] = useMutationWithRetry(SetDevicePriceDocument)
  const [problems, setProblems] = useState<string[]>([])
  const form = useForm<Values>({
    initialValues: { perHour: price?.perHour ?? '', currency: price?.currency ?? 'EUR' },
  })
  const submit = form.onSubmit(async ({ perHour, currency }) => {
    const given = perHour === '' ? null : perHour
    const answer = await setPrice({ input: { device, perHour: given, currency: currency.toUpperCase() } })
    if (!answer) return
    const { devicePrices, errors } = answer.setDevicePrice
    setProblems(showFieldErrors(form, errors, ['perHour', 'currency']))
    if (!devicePrices) return
    notifications.show({
      message: given === null ? `A ${device} has no price.` : `The price of a ${device} is set.`,
    })
    onSet()
  })
  return (
    <form onSubmit={submit} aria-label={`Price of a ${device}`} className="flex flex-wrap items-start gap-3">
      <FormErrors messages={problems} />
      <NumberInput
        label={`An hour on a ${device}`}
        placeholder="no price"
        min={0}
        max={1_000_000}
        decimalScale={4}
        hideControls
        className="w-44"
        {...form.getInputProps('perHour')}
      />
      <TextInput label="Currency" maxLength={3} className="w-24" {...form.getInputProps('currency')} />
      <Button type="submit" variant="default" loading={busy} className="mt-6">
        Set<span className="sr-only">&nbsp;the price of a {device}</span>
      </Button>
    </form>
  )
}
