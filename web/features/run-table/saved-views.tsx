'use client'

import { Button, Group, Menu, Modal, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconBookmark, IconCheck, IconLink, IconStar, IconStarOff, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { NAME_LENGTHS } from '../../../contract/limits.ts'
import {
  DeleteRunViewDocument,
  SaveRunViewDocument,
  SetDefaultRunViewDocument,
} from '../../graphql/generated/operations.ts'
import { useMutationWithRetry } from '../../graphql/use-mutation-with-retry.tsx'
import { useTeam } from '../../team-scope.ts'
import { notifyProblems } from '../run-list/notify-problems.ts'
import type { ShownView } from './use-run-view.ts'

const REFETCH = { refetchQueries: ['RunViews'] }

/** The team's saved views: show one, save this one, link to it, make it the one that the list begins with. */
export function SavedViews({ shown }: { shown: ShownView }) {
  const { team, base, mayChange } = useTeam()
  const { saved, savedViews, open, search } = shown
  const [isNaming, setNaming] = useState(false)
  const [setDefault] = useMutationWithRetry(SetDefaultRunViewDocument, REFETCH)
  const [deleteView] = useMutationWithRetry(DeleteRunViewDocument, REFETCH)
  const copyLink = async (id: string) => {
    await navigator.clipboard.writeText(`${location.origin}${base}/runs?view=${id}`)
    notifications.show({ title: 'Copied', message: 'The link shows the view as it is saved.' })
  }
  const toggleDefault = async (runViewId: string, isDefault: boolean) => {
    const answer = await setDefault({ input: { runViewId, isDefault } })
    notifyProblems('The default was not changed', answer?.setDefaultRunView.errors)
  }
  const remove = async (runViewId: string) => {
    const answer = await deleteView({ input: { runViewId } })
    if (answer && !notifyProblems('The view was not deleted', answer.deleteRunView.errors)) open(null)
  }
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button variant="default" leftSection={<IconBookmark size={16} />}>
            {saved ? saved.name : 'Views'}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {savedViews.length > 0 && <Menu.Label>Saved by the team</Menu.Label>}
          {savedViews.map((one) => (
            <Menu.Item
              key={one.id}
              leftSection={
                one.id === saved?.id ? <IconCheck size={16} /> : <span className="inline-block w-4" />
              }
              rightSection={one.isDefault && <IconStar size={14} aria-label="The team’s default" />}
              onClick={() => open(one)}
            >
              {one.name}
            </Menu.Item>
          ))}
          {savedViews.length > 0 && <Menu.Divider />}
          {saved && (
            <Menu.Item leftSection={<IconLink size={16} />} onClick={() => void copyLink(saved.id)}>
              Copy the link to this view
            </Menu.Item>
          )}
          {saved && mayChange && (
            <>
              <Menu.Item
                leftSection={saved.isDefault ? <IconStarOff size={16} /> : <IconStar size={16} />}
                onClick={() => void toggleDefault(saved.id, !saved.isDefault)}
              >
                {saved.isDefault ? 'No longer the team’s default' : 'Make it the team’s default'}
              </Menu.Item>
              <Menu.Item
                leftSection={<IconTrash size={16} />}
                color="red"
                onClick={() => void remove(saved.id)}
              >
                Delete this view
              </Menu.Item>
            </>
          )}
          <Menu.Item
            leftSection={<IconBookmark size={16} />}
            disabled={!mayChange}
            onClick={() => setNaming(true)}
          >
            Save this view…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isNaming && (
        <SaveViewDialog
          teamId={team.id}
          search={search}
          name={saved?.name ?? ''}
          onClose={() => setNaming(false)}
          onSaved={open}
        />
      )}
    </>
  )
}

interface DialogProps {
  teamId: string
  search: string
  name: string
  onClose: () => void
  onSaved: ShownView['open']
}

function SaveViewDialog({ teamId, search, name, onClose, onSaved }: DialogProps) {
  const [text, setText] = useState(name)
  const [save, busy] = useMutationWithRetry(SaveRunViewDocument, REFETCH)
  const submit = async () => {
    const answer = await save({ input: { teamId, name: text, search } })
    if (!answer || notifyProblems('The view was not saved', answer.saveRunView.errors)) return
    onSaved(answer.saveRunView.runView)
    onClose()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title="Save this view"
      closeButtonProps={{ 'aria-label': 'Close' }}
      centered
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <TextInput
          label="Name"
          description="For everyone in the team. A view of this name is replaced."
          required
          maxLength={NAME_LENGTHS.runView}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          data-autofocus
        />
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy} disabled={text.trim() === ''}>
            Save
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
