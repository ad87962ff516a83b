import { TEAM_EVENT_DATA, type TeamEventData } from './team-event-data.ts'
import type { TeamEventKind } from './team-events.ts'

/** A team event for people: what happened, more about it, and where to look, below the team's address. */
export interface TeamEventWords {
  title: string
  detail: string
  path: string
}

type Describe = { [Kind in TeamEventKind]: (data: TeamEventData<Kind>) => TeamEventWords }

const WORDS: Describe = {
  RUN_SUCCEEDED: (data) => ofRun(data, 'succeeded', resultOf(data)),
  RUN_FAILED: (data) => ofRun(data, 'failed', data.failure.message),
  RUN_CANCELED: (data) => ofRun(data, 'was canceled', cohortOn(data)),
  RUN_PAUSED: (data) =>
    ofRun(
      data,
      'paused',
      data.reason === 'DISK_FULL'
        ? 'A disk is full. It goes on by itself once there is room.'
        : data.reason === 'QUOTA'
          ? 'The team’s device hours of this month are used up. Resume it once there are more.'
          : 'It was asked to, and goes on when somebody resumes it.',
    ),
  DATASET_READY: ({ dataset, images }) => ({
    title: `${dataset.name}, version ${dataset.version}, is ready`,
    detail: `${images.toLocaleString('en')} images can be trained on.`,
    path: `/datasets/${dataset.id}`,
  }),
  MODEL_EXPORTED: ({ model, format, run, fileName }) => ({
    title: `${model.name} of run ${run.number} was exported as ${format}`,
    detail: `${fileName} can be downloaded.`,
    path: `/models/${model.id}`,
  }),
  EXPERIMENT_FINISHED: ({ experiment, how, runs }) => ({
    title: `Experiment ${experiment.number} ${HOW[how]}`,
    detail: `${experiment.title}: ${runs.succeeded} of ${runs.succeeded + runs.failed + runs.canceled} runs succeeded, ${runs.failed} failed.`,
    path: `/experiments/${experiment.number}`,
  }),
  MEMBER_JOINED: ({ member, role, invitedBy }) => ({
    title: `${member.name} joined`,
    detail: `As ${ROLES[role] ?? role}, invited by ${invitedBy.name}.`,
    path: '/members',
  }),
  LIMIT_NEAR: ({ limit, used, soft, hard }) => ({
    title: `The team is near its limit of ${limit === 'DEVICE_HOURS' ? 'device hours' : 'storage'}`,
    detail: `It has ${amount(limit, used)}, more than the ${amount(limit, soft)} from which on it is told.${hard === null ? '' : ` At ${amount(limit, hard)} more is refused.`}`,
    path: '/usage',
  }),
  WEBHOOK_DISABLED: ({ webhook, failure }) => ({
    title: `The webhook to ${hostOf(webhook.url)} was disabled`,
    detail: `It failed for a day. The last time: ${failure}`,
    path: `/settings/webhooks/${webhook.id}`,
  }),
}

const ROLES: Record<string, string> = {
  VIEWER: 'a viewer',
  MEMBER: 'a member',
  ADMIN: 'an admin',
  OWNER: 'an owner',
}

const HOW = { ENDED: 'finished', DECIDED: 'was decided early', CANCELED: 'was canceled' }

export function describeTeamEvent<Kind extends TeamEventKind>(
  kind: Kind,
  data: TeamEventData<Kind>,
): TeamEventWords {
  return WORDS[kind](data)
}

type OfRun = TeamEventData<'RUN_SUCCEEDED' | 'RUN_FAILED' | 'RUN_CANCELED' | 'RUN_PAUSED'>

function ofRun(data: OfRun, verb: string, detail: string): TeamEventWords {
  return { title: `Run ${data.run.number} ${verb}`, detail, path: `/runs/${data.run.number}` }
}

function resultOf(data: TeamEventData<'RUN_SUCCEEDED'>): string {
  const { accuracy, meanAveragePrecision } = data
  if (accuracy !== null) return `${cohortOn(data)}: ${percent(accuracy)} accuracy of the ensemble.`
  if (meanAveragePrecision !== null) return `${cohortOn(data)}: ${percent(meanAveragePrecision)} mAP.`
  return cohortOn(data)
}

function cohortOn({ cohort, dataset }: OfRun): string {
  return `${cohort.name} on ${dataset.name}`
}

function amount(limit: TeamEventData<'LIMIT_NEAR'>['limit'], value: number): string {
  return limit === 'DEVICE_HOURS' ? `${value.toFixed(1)} h` : `${(value / 1024 ** 3).toFixed(2)} GiB`
}

function percent(fraction: number): string {
  return `${(fraction * 100).toFixed(1)} %`
}

function hostOf(url: string): string {
  return new URL(url).host
}

/** What is recorded of a team event, and how it is put for people. */
export function readTeamEvent({ kind, data }: { kind: TeamEventKind; data: unknown }): {
  data: TeamEventData
  words: TeamEventWords
} {
  const parsed: TeamEventData = TEAM_EVENT_DATA[kind].parse(data)
  // Of the same kind, which the types do not see.
  return { data: parsed, words: describeTeamEvent(kind, parsed as never) }
}
