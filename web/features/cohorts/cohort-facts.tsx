import { Table } from '@mantine/core'
import { Facts } from '../../design/facts.tsx'
import { TextLink } from '../../design/link-button.tsx'
import { Panel } from '../../design/panel.tsx'
import { TableFrame } from '../../design/table-frame.tsx'
import type { CohortRowFragment } from '../../graphql/generated/operations.ts'
import { useTeam } from '../../team-scope.ts'
import { TeachingDrawing } from '../teaching/teaching-drawing.tsx'
import {
  divergenceLabel,
  ensembleRuleLabel,
  methodLabel,
  partnerRuleLabel,
  teachingMethods,
  updateRuleLabel,
} from './teaching-words.ts'

export function StudentsPanel({ students }: { students: CohortRowFragment['students'] }) {
  const { base } = useTeam()
  return (
    <Panel title="Students" flush>
      <TableFrame label="Students" minWidth={320}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={60}>#</Table.Th>
            <Table.Th>Name</Table.Th>
            <Table.Th>Architecture</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {students.map(({ id, position, name, architecture, finishedModel, start }) => (
            <Table.Tr key={id}>
              <Table.Td>{position + 1}</Table.Td>
              <Table.Td fw={500}>{name}</Table.Td>
              <Table.Td>
                {architecture}
                {finishedModel && `, finished in run ${finishedModel.run.number}`}
                {start && (
                  <>
                    , begins with{' '}
                    {start.weightsId ? (
                      <TextLink href={`${base}/weights/${start.weightsId}`} underline="always">
                        {start.name}
                      </TextLink>
                    ) : (
                      start.name
                    )}
                  </>
                )}
                {start && start.frozenEpochs > 0 && `, frozen for ${start.frozenEpochs} epochs`}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </TableFrame>
    </Panel>
  )
}

/** What the teaching has beyond the paper's, where it has any. */
function additionsOf(teaching: CohortRowFragment['teaching']): [string, string | number][] {
  const { divergence, targetClassWeight, otherClassesWeight, standardizesLogits } = teaching
  const { method, ensembleRule, peerAverageDecay, pausesLeader } = teaching
  return [
    ...(divergence === 'DECOUPLED_KL'
      ? ([
          ['Weight of the image’s class', targetClassWeight],
          ['Weight of the other classes', otherClassesWeight],
        ] as [string, number][])
      : []),
    ...(standardizesLogits ? ([['Logits', 'as z-scores']] as [string, string][]) : []),
    ...(method === 'ENSEMBLE_TEACHER'
      ? ([['Ensemble', ensembleRuleLabel(ensembleRule)]] as [string, string][])
      : []),
    ...(peerAverageDecay == null
      ? []
      : ([['Peers’ averages', `decay ${peerAverageDecay}`]] as [string, string][])),
    ...(pausesLeader ? ([['Leader', 'waits where it is too far ahead']] as [string, string][]) : []),
  ]
}

export function TeachingPanel({
  teaching,
  students,
}: {
  teaching: CohortRowFragment['teaching']
  /** Drawn if given. */
  students?: CohortRowFragment['students']
}) {
  const alone = teaching.method === 'INDEPENDENT'
  return (
    <Panel
      title="Teaching"
      note={teachingMethods.find(({ value }) => value === teaching.method)?.explanation}
    >
      <Facts
        facts={[
          ['Method', methodLabel(teaching.method)],
          ...(alone
            ? []
            : ([
                ['Update rule', updateRuleLabel(teaching.updateRule)],
                ...(teaching.method === 'MUTUAL'
                  ? ([['Partners', partnerRuleLabel(teaching.partnerRule)]] as const)
                  : []),
                ['Temperature', teaching.temperature],
                ['Weight', teaching.weight],
                ['Divergence', divergenceLabel(teaching.divergence)],
                ['Feature weight', teaching.featureWeight],
                ...additionsOf(teaching),
              ] as const)),
        ]}
      />
      {students && (
        <div className="mt-5">
          <TeachingDrawing students={students} teaching={teaching} />
        </div>
      )}
    </Panel>
  )
}
