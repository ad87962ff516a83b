'use client'

import { Alert, Progress, Skeleton, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import { IconAlertTriangle } from '@tabler/icons-react'
import { FIT_WORDS, WHITE } from '../../../../contract/packed/preparation.ts'
import { type Fact, Facts } from '../../../design/facts.tsx'
import { countOf, formatCount } from '../../../design/format-numbers.ts'
import { formatDuration } from '../../../design/format-time.ts'
import { LinkButton } from '../../../design/link-button.tsx'
import { Panel } from '../../../design/panel.tsx'
import { useUrlParameter } from '../../../design/use-url-parameter.ts'
import { useTeam } from '../../../team-scope.ts'
import type { Version } from '../dataset-version.ts'
import { readChosen } from '../pictures/chosen-address.ts'
import { PictureGrid } from '../pictures/picture-grid.tsx'
import { useSelection } from '../pictures/use-selection.ts'
import { CancelImportButton } from './cancel-import-button.tsx'
import { ClassBars } from './class-bars.tsx'
import { DuplicatesPanel } from './duplicates-panel.tsx'
import { EditVersionForm } from './edit-version-form.tsx'
import { ImportReportPanel } from './import-report-panel.tsx'
import { SizesPanel } from './sizes-panel.tsx'

/** One version: its import while that goes on, then what is in it. */
export function VersionPanel({ version, onEdited }: { version: Version; onEdited: () => void }) {
  const { base } = useTeam()
  return (
    <div className="flex flex-col gap-6">
      {(version.status === 'PENDING' || version.status === 'IMPORTING') && <ImportPanel version={version} />}
      {version.status === 'FAILED' && (
        <Alert
          color="red"
          variant="light"
          icon={<IconAlertTriangle size={18} />}
          title="The import failed"
          role="alert"
        >
          <Text size="sm">{version.failure ?? 'The worker gave no reason. Upload it again.'}</Text>
          <LinkButton href={`${base}/datasets`} variant="default" size="xs" mt="sm">
            Upload another archive
          </LinkButton>
        </Alert>
      )}
      {/* That it is READY is told before what is in it has come. */}
      {version.status === 'READY' && version.height === null && <Skeleton height={320} />}
      {version.status === 'READY' && version.height !== null && (
        <Contents version={version} onEdited={onEdited} />
      )}
      {version.report && <ImportReportPanel report={version.report} versionId={version.id} />}
    </div>
  )
}

function ImportPanel({ version }: { version: Version }) {
  const { mayChange } = useTeam()
  const { picturesSeen = 0, picturesTotal = null, secondsLeft = null } = version.progress ?? {}
  const waiting = version.status === 'PENDING'
  return (
    <Panel
      title={waiting ? 'Waiting for a worker' : 'Importing'}
      actions={mayChange && <CancelImportButton versionId={version.id} />}
    >
      <Progress
        value={picturesTotal ? (100 * picturesSeen) / picturesTotal : waiting ? 0 : 100}
        animated={!waiting && !picturesTotal}
        aria-label="Import"
      />
      <Text size="sm" c="dimmed" mt="xs" className="numbers">
        {waiting
          ? 'It starts as soon as a worker is free.'
          : picturesTotal
            ? `${formatCount(picturesSeen)} of ${countOf(picturesTotal, 'image')}${secondsLeft == null ? '' : ` · ${formatDuration(secondsLeft)} left`}`
            : 'Reading the list of files'}
      </Text>
    </Panel>
  )
}

function Contents({ version, onEdited }: { version: Version; onEdited: () => void }) {
  const { mayChange } = useTeam()
  const [chosen] = useUrlParameter('chosen')
  const selection = useSelection(mayChange ? readChosen(chosen) : [])
  const edit = () => {
    const modalId = modals.open({
      title: `Edit version ${version.number} into a new one`,
      size: 'lg',
      closeButtonProps: { 'aria-label': 'Close' },
      children: (
        <EditVersionForm
          version={version}
          selection={selection}
          onDone={() => {
            modals.close(modalId)
            onEdited()
          }}
        />
      ),
    })
  }
  const split = (wanted: string) => version.splits.find(({ name }) => name === wanted)
  const [train, test] = [split('train'), split('test')]
  const others: [string, string][] = [
    ['validation', 'Validation images'],
    ['unlabelled', 'Images without labels'],
  ]
  const testFacts: Fact[] = [
    ...others.flatMap(([name, label]): Fact[] => {
      const count = split(name)?.count ?? 0
      return count > 0 ? [[label, formatCount(count)]] : []
    }),
    ['Test images', formatCount(test?.count ?? 0)],
    ['Classes', formatCount(version.classes.length)],
  ]
  return (
    <>
      <Panel title="Contents">
        <Facts
          columns="sm:grid-cols-3 lg:grid-cols-6"
          facts={[
            ['Training images', formatCount(train?.count ?? 0)],
            ...(version.retrieval ? identityFacts(version.splits, version.retrieval) : testFacts),
            ['Size', `${version.width} × ${version.height}, ${version.channels === 1 ? 'grey' : 'colour'}`],
            ...preparationFacts(version.preparation),
            ['Channel means', version.channelMeans.map((mean) => mean.toFixed(4)).join(', ')],
            [
              'Channel deviations',
              version.channelDeviations.map((deviation) => deviation.toFixed(4)).join(', '),
            ],
          ]}
        />
      </Panel>
      <Panel
        title={version.retrieval ? 'Identities' : 'Classes'}
        note={version.retrieval ? 'Training images of each identity' : 'Images of each class'}
      >
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields */}
        <div
          className="max-h-[560px] overflow-y-auto pr-1"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
          tabIndex={0}
          role="group"
          aria-label="Images of each"
        >
          <ClassBars
            classes={version.classes}
            trainCounts={train?.classCounts ?? []}
            testCounts={version.retrieval ? null : (test?.classCounts ?? [])}
          />
        </div>
      </Panel>
      {version.report && version.report.sizes.length > 0 && <SizesPanel report={version.report} />}
      {version.overview && (
        <>
          <PictureGrid
            version={version}
            sheetsUrl={version.overview.sheetsUrl}
            selection={selection}
            onEdit={mayChange ? edit : null}
          />
          <DuplicatesPanel overview={version.overview} classes={version.classes} />
        </>
      )}
    </>
  )
}

function preparationFacts(preparation: Version['preparation']): Fact[] {
  if (!preparation) return []
  const { fit, background } = preparation
  return [
    ['Images of another shape', FIT_WORDS[fit].toLowerCase()],
    ['Transparency', background === null ? 'dropped' : `on ${background === WHITE ? 'white' : background}`],
  ]
}

/** Who is learned, who is searched for, and where. */
function identityFacts(splits: Version['splits'], retrieval: NonNullable<Version['retrieval']>): Fact[] {
  const pictures = (wanted: string) => formatCount(splits.find(({ name }) => name === wanted)?.count ?? 0)
  const { trainIdentities, queryIdentities, galleryIdentities, distractors, cameras, queriesWithoutMatch } =
    retrieval
  return [
    ['Identities learned', formatCount(trainIdentities)],
    ['Queries', `${pictures('query')} of ${countOf(queryIdentities, 'identity', 'identities')}`],
    ['Gallery', `${pictures('gallery')} of ${countOf(galleryIdentities, 'identity', 'identities')}`],
    ['Distractors in the gallery', formatCount(distractors)],
    ['Cameras', formatCount(cameras)],
    ['Queries without a match', formatCount(queriesWithoutMatch)],
  ]
}
