'use client'

import { Alert, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { Facts } from '../../../design/facts.tsx'
import { countOf, formatCount } from '../../../design/format-numbers.ts'
import { Panel } from '../../../design/panel.tsx'
import type { Version } from '../dataset-version.ts'
import { Thumbnail } from '../pictures/thumbnail.tsx'

type Overview = NonNullable<Version['overview']>
type Groups = Overview['exactDuplicates']['groups']
const MEAN_SIDE = 96
const TILE = 48

/** The mean image, and images that are there more than once; those in two splits make a test too easy. */
export function DuplicatesPanel({ overview, classes }: { overview: Overview; classes: string[] }) {
  const { exactDuplicates: exact, nearDuplicates: near } = overview
  const leaked = exact.leakedCount + near.leakedCount
  return (
    <Panel title="Mean image and duplicates">
      <div className="flex flex-wrap items-start gap-6">
        <figure className="m-0">
          {/* biome-ignore lint/performance/noImgElement: it is as small as an image of the dataset */}
          <img
            src={overview.meanUrl}
            alt="Mean of the training images"
            width={MEAN_SIDE}
            height={MEAN_SIDE}
            className="rounded object-contain"
            style={{ imageRendering: 'pixelated' }}
          />
        </figure>
        <div className="min-w-60 flex-1">
          <Facts
            facts={[
              ['Identical pixels', formatCount(exact.count)],
              ['Identical, in another split', formatCount(exact.leakedCount)],
              ['Near duplicates', formatCount(near.count)],
              ['Near duplicates, in another split', formatCount(near.leakedCount)],
            ]}
          />
        </div>
      </div>
      {leaked > 0 && (
        <Alert
          color="yellow"
          variant="default"
          // Yellow words cannot be read on white: the icon alone is yellow.
          styles={{ title: { color: 'var(--mantine-color-text)' } }}
          mt="md"
          icon={<IconAlertTriangle size={18} />}
          title="Leakage"
        >
          <Text size="sm">
            {countOf(leaked, 'image')} in one split {leaked === 1 ? 'has a duplicate' : 'have duplicates'} in
            another: testing on them measures memorisation. Select them in the grid and leave them out in a
            new version.
          </Text>
        </Alert>
      )}
      {overview.notes.map((note) => (
        <Text key={note} size="sm" mt="sm" c="dimmed">
          {note}
        </Text>
      ))}
      <GroupList title="Identical pixels" groups={exact.groups} overview={overview} classes={classes} />
      <GroupList title="Near duplicates" groups={near.groups} overview={overview} classes={classes} />
    </Panel>
  )
}

interface GroupListProps {
  title: string
  groups: Groups
  overview: Overview
  classes: string[]
}

function GroupList({ title, groups, overview, classes }: GroupListProps) {
  if (groups.length === 0) return null
  return (
    <div className="mt-4">
      <Text size="sm" fw={600} mb={6}>
        {title}
      </Text>
      <ul className="m-0 flex list-none flex-wrap gap-3 p-0">
        {groups.map((group) => (
          <li
            key={group.map(({ split, index }) => `${split}${index}`).join()}
            className="flex flex-wrap gap-px"
          >
            {group.slice(0, 8).map(({ split, index, class: label, sheet, tile }) => {
              const words = `${label == null ? '' : `${classes[label]}, `}${split} ${index}`
              return (
                <div key={`${split}${index}`} role="img" aria-label={words} title={words}>
                  <Thumbnail
                    sheetsUrl={overview.sheetsUrl}
                    split={split}
                    sheet={sheet}
                    tile={tile}
                    size={TILE}
                  />
                  <Text size="xs" c="dimmed" ta="center" aria-hidden>
                    {split}
                  </Text>
                </div>
              )
            })}
          </li>
        ))}
      </ul>
    </div>
  )
}
