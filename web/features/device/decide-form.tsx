import { useQuery } from '@apollo/client/react'
import { Alert, Button, Select, Text } from '@mantine/core'
import { useState } from 'react'
import { KEY_SCOPES, type KeyScope, USUAL_SCOPES } from '../../../contract/key-scopes.ts'
import { ErrorNotice, FormErrors } from '../../design/error-notice.tsx'
import { Facts } from '../../design/facts.tsx'
import { formatAge } from '../../design/format-time.ts'
import { LoadingRows } from '../../design/loading-rows.tsx'
import { Panel } from '../../design/panel.tsx'
import {
  ApproveDeviceDocument,
  DenyDeviceDocument,
  type DeviceRequestQuery,
  TeamsForDeviceDocument,
} from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import { KEY_LIFETIMES, ScopesField } from '../api-keys/key-power-fields.tsx'

/** A program may need its key for a day alone. */
const LIFETIMES = [{ value: '1', label: '1 day' }, ...KEY_LIFETIMES]

interface Props {
  code: string
  request: NonNullable<DeviceRequestQuery['deviceRequest']>
  onDecided: (outcome: 'confirmed' | 'refused') => void
}

/** Who asks, what they would get, and the choice. */
export function DecideForm({ code, request, onDecided }: Props) {
  const { data, error, refetch } = useQuery(TeamsForDeviceDocument)
  const teams = data?.viewer?.teams
  const [chosenTeam, setTeam] = useState<string | null>(null)
  const [scopes, setScopes] = useState<string[]>([...USUAL_SCOPES])
  const [lifetime, setLifetime] = useState('90')
  const [problems, setProblems] = useState<string[]>([])
  const [approve, approving] = useMutationWithRetry(ApproveDeviceDocument)
  const [deny, denying] = useMutationWithRetry(DenyDeviceDocument)
  if (error && !teams)
    return <ErrorNotice title="Your teams could not be loaded" error={error} onRetry={() => void refetch()} />
  if (!teams) return <LoadingRows rows={3} />
  const own = teams.filter(({ viewerRole }) => viewerRole === 'ADMIN' || viewerRole === 'OWNER')
  const teamId = chosenTeam ?? own[0]?.id
  const confirm = async () => {
    if (!teamId) return
    const expiresInDays = lifetime === 'never' ? null : Number(lifetime)
    const input = { userCode: code, teamId, scopes: scopes as KeyScope[], expiresInDays }
    const errors = (await approve({ input }))?.approveDevice.errors
    if (errors) settle(errors, 'confirmed')
  }
  const refuse = async () => {
    const errors = (await deny({ input: { userCode: code } }))?.denyDevice.errors
    if (errors) settle(errors, 'refused')
  }
  const settle = (errors: { message: string }[], outcome: 'confirmed' | 'refused') => {
    setProblems(errors.map(({ message }) => message))
    if (errors.length === 0) onDecided(outcome)
  }
  return (
    <Panel title={`Is ${code} what the program shows?`}>
      <div className="flex flex-col gap-4">
        <Facts
          facts={[
            ['Program', request.clientName],
            ['Asks from', request.address],
            ['Began', formatAge(request.createdAt)],
          ]}
        />
        <Alert variant="light" title="Only if you began this yourself">
          Whoever sent you this code or link would get into your team by it. If you did not just run the
          program yourself, refuse.
        </Alert>
        <FormErrors messages={problems} />
        {own.length === 0 ? (
          <Text size="sm">
            API keys are made by admins, and you are one of no team. Ask an admin of your team to confirm.
          </Text>
        ) : (
          <>
            <Select
              label="Team"
              data={own.map(({ id, name }) => ({ value: id, label: name }))}
              value={teamId ?? null}
              onChange={setTeam}
              allowDeselect={false}
            />
            <ScopesField offered={KEY_SCOPES} value={scopes} onChange={setScopes} />
            <Select
              label="Expires"
              data={LIFETIMES}
              value={lifetime}
              onChange={(value) => value && setLifetime(value)}
              allowDeselect={false}
            />
          </>
        )}
        <div className="flex flex-wrap gap-2">
          {own.length > 0 && (
            <Button loading={approving} disabled={denying} onClick={() => void confirm()}>
              Confirm
            </Button>
          )}
          <Button variant="default" loading={denying} disabled={approving} onClick={() => void refuse()}>
            Refuse
          </Button>
        </div>
      </div>
    </Panel>
  )
}
