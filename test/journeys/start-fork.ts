import { openSeededTeam, RUN } from './seeded.ts'

/** A fork of the finished run, canceled. The same one however often it is asked for. @returns its number */
export async function startFork(): Promise<number> {
  const { api, team } = await openSeededTeam()
  const found = await api.ask<{ node: { run: { id: string } } }>(
    'query ($id: ID!, $number: Int!) { node(id: $id) { ... on Team { run(number: $number) { id } } } }',
    { id: team.id, number: RUN.labels },
  )
  const recipe = { epochs: 100, evaluateEveryEpochs: 100 }
  const input = { runId: found.node.run.id, recipe, idempotencyKey: 'a fork of the journeys' }
  const { forkRun } = await api.ask<{ forkRun: { run: { id: string; number: number } } }>(
    'mutation ($input: ForkRunInput!) { forkRun(input: $input) { run { id number } } }',
    { input },
  )
  await api.ask('mutation ($input: CancelRunInput!) { cancelRun(input: $input) { run { id } } }', {
    input: { runId: forkRun.run.id },
  })
  return forkRun.run.number
}
