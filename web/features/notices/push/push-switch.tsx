'use client'

import { useQuery } from '@apollo/client/react'
import { Switch, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import { PushStateDocument, SetPushSubscriptionDocument } from '../../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../../graphql/use-mutation-with-retry.tsx'
import { subscribeBrowser, unsubscribeBrowser, whyNoPush } from './browser-push.ts'

/**
 * Whether this browser is sent notices while no page is open; where it cannot be, why.
 * @param onAsked  called once the browser may have asked for its permission
 */
export function PushSwitch({ onAsked }: { onAsked: () => void }) {
  const { data } = useQuery(PushStateDocument, { fetchPolicy: 'cache-and-network' })
  const [save, saving] = useMutationWithRetry(SetPushSubscriptionDocument, { refetchQueries: ['PushState'] })
  const [obstacle, setObstacle] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [asking, setAsking] = useState(false)
  useEffect(() => setObstacle(whyNoPush()), [])
  const viewer = data?.viewer
  const change = async (wanted: boolean) => {
    setProblem(null)
    setAsking(true)
    try {
      const subscription = wanted ? await subscribeBrowser(viewer?.pushKey ?? '') : null
      if (!wanted) await unsubscribeBrowser()
      const answer = await save({ input: { subscription } })
      setProblem(answer?.setPushSubscription.errors[0]?.message ?? null)
    } catch (error) {
      setProblem((error as Error).message)
    } finally {
      setAsking(false)
      setObstacle(whyNoPush())
      onAsked()
    }
  }
  if (obstacle)
    return (
      <Text size="sm" c="dimmed" role="status">
        {obstacle}
      </Text>
    )
  return (
    <>
      <Switch
        label="Also while no page is open"
        description="Sends what is told by the browser to this browser, until you sign out of it."
        checked={viewer?.isPushed ?? false}
        disabled={!viewer || saving || asking}
        onChange={({ currentTarget }) => void change(currentTarget.checked)}
      />
      {problem && (
        <Text size="sm" c="red" mt="xs" role="alert">
          {problem}
        </Text>
      )}
    </>
  )
}
