'use client'

import { Tabs } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { MissingPage } from '../../design/missing-page.tsx'
import { PageHeader } from '../../design/page-header.tsx'
import { useUrlParameter } from '../../design/use-url-parameter.ts'
import { AuditTab } from '../audit/audit-tab.tsx'
import { OwnShell, type SignedIn } from '../shell/own-shell.tsx'
import { UsageTab } from '../usage/usage-tab.tsx'
import { OverviewTab } from './overview-tab.tsx'
import { PeopleTab } from './people-tab.tsx'
import { StorageTab } from './storage-tab.tsx'
import { TeamsTab } from './teams-tab.tsx'
import { WorkersTab } from './workers-tab.tsx'

const tabs = ['overview', 'people', 'teams', 'workers', 'storage', 'usage', 'audit'] as const

/** What whoever administers the instance looks after. */
export function InstancePage() {
  return (
    <OwnShell>
      {(viewer) => (viewer.isAdministrator ? <Administration viewer={viewer} /> : <MissingPage />)}
    </OwnShell>
  )
}

function Administration({ viewer }: { viewer: SignedIn }) {
  const [requested, setTab] = useUrlParameter('tab')
  const tab = tabs.find((name) => name === requested) ?? 'overview'
  const list = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs on tab changes, to scroll the tab into view
  useEffect(() => {
    list.current
      ?.querySelector('[aria-selected=true]')
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [tab])
  return (
    <>
      <PageHeader title="Administration" note="Of this instance, for whoever administers it" />
      <Tabs value={tab} onChange={(name) => setTab(name === 'overview' ? null : name)} keepMounted={false}>
        <Tabs.List ref={list} className="mb-6 flex-nowrap overflow-x-auto">
          {tabs.map((name) => (
            <Tabs.Tab key={name} value={name} className="capitalize">
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="overview">
          <OverviewTab />
        </Tabs.Panel>
        <Tabs.Panel value="people">
          <PeopleTab ownId={viewer.user.id} />
        </Tabs.Panel>
        <Tabs.Panel value="teams">
          <TeamsTab />
        </Tabs.Panel>
        <Tabs.Panel value="workers">
          <WorkersTab />
        </Tabs.Panel>
        <Tabs.Panel value="storage">
          <StorageTab />
        </Tabs.Panel>
        <Tabs.Panel value="usage">
          <UsageTab />
        </Tabs.Panel>
        <Tabs.Panel value="audit">
          <AuditTab />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}
