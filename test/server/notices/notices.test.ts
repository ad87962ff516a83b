import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TEAM_EVENT_DATA } from '../../../contract/notices/team-event-data.ts'
import { TEAM_EVENTS, type TeamEventKind, USUAL_NOTICES } from '../../../contract/notices/team-events.ts'
import { recordDatasetReady, recordModelExported } from '../../../runs/team-events.ts'
import { cancel, fail, pause, retry, succeed } from '../../../runs/transitions/index.ts'
import { enterPaused } from '../../../runs/transitions/pause.ts'
import { insertExperiment } from '../experiment-rows.ts'
import { makeKey } from '../make-key.ts'
import { insertFinishedRun, insertVersion, moveRun } from '../rows.ts'
import { Api, type Person, type TestServer } from '../test-server.ts'
import { FAILURE, type NoticeScene, OUTCOME, openNoticeScene } from './notice-scene.ts'

let scene: NoticeScene
let ada: Person
let grace: Person
let server: TestServer
beforeAll(async () => {
  scene = await openNoticeScene()
  ;({ ada, grace, server } = scene)
})
afterAll(() => server.stop())

const mailsTo = ({ account }: Person) => server.database.mail.findMany({ where: { to: account.email } })

describe('the end of a run', () => {
  it('is told whoever started it in the page, and a failure also by mail, and nobody else', async () => {
    const won = await scene.startRun()
    await scene.change(won.id, (tx, run) => succeed(tx, run, OUTCOME))
    const lost = await scene.startRun()
    await scene.change(lost.id, (tx, run) => fail(tx, run, FAILURE))
    await scene.settle()
    const { unread, notices } = await scene.bell(ada)
    expect(unread).toBe(2)
    const { slug } = await server.database.team.findUniqueOrThrow({ where: { id: ada.teamId } })
    expect(notices).toMatchObject([
      { kind: 'RUN_FAILED', title: `Run ${lost.number} failed`, detail: FAILURE.message },
      {
        kind: 'RUN_SUCCEEDED',
        detail: expect.stringContaining('95.0 % accuracy'),
        path: `/${slug}/runs/${won.number}`,
      },
    ])
    expect(await mailsTo(ada)).toMatchObject([
      {
        subject: expect.stringContaining(`Run ${lost.number} failed`),
        text: expect.stringMatching(new RegExp(`not finite[\\s\\S]*/${slug}/runs/${lost.number}`)),
      },
    ])
    expect(await scene.bell(grace)).toEqual({ unread: 0, notices: [] })
    expect(await mailsTo(grace)).toEqual([])
  })

  it('that is rolled back is told nobody', async () => {
    const { id, number } = await scene.startRun()
    const undone = scene.change(id, async (tx, run) => {
      await fail(tx, run, FAILURE)
      throw new Error('the worker died')
    })
    await expect(undone).rejects.toThrow('the worker died')
    await scene.settle()
    expect(await scene.titles(ada)).not.toContain(`Run ${number} failed`)
  })

  it('is told whoever asked for it, once, in the page and by mail, also where it was canceled', async () => {
    const { id, number } = await scene.startRun()
    const follow = (person: Person, follows = true) =>
      person.api.mutate('followRun', { runId: id, follows }, 'run { isFollowed }')
    expect(await follow(grace)).toEqual({ run: { isFollowed: true }, errors: [] })
    await follow(grace)
    await follow(ada)
    expect((await follow(ada, false)).run).toEqual({ isFollowed: false })
    await scene.change(id, cancel)
    await scene.settle()
    expect(await scene.titles(grace)).toEqual([`Run ${number} was canceled`])
    expect(await mailsTo(grace)).toHaveLength(1)
    expect(await scene.titles(ada)).not.toContain(`Run ${number} was canceled`)
    expect((await follow(grace)).errors).toMatchObject([{ code: 'CONFLICT', path: ['runId'] }])
  })

  it('is told the maker of a key that asked for it', async () => {
    const { id, number } = await scene.startRun()
    const key = new Api(server.url, { authorization: `Bearer ${await makeKey(ada)}` })
    expect((await key.mutate('followRun', { runId: id })).errors).toEqual([])
    await scene.change(id, cancel)
    await scene.settle()
    expect(await scene.titles(ada)).toContain(`Run ${number} was canceled`)
  })

  it('is told no service account, whose runs it is', async () => {
    const { database } = server
    const { id, number } = await scene.startRun()
    await database.user.update({ where: { id: ada.userId }, data: { isServiceAccount: true } })
    const { errors } = await ada.api.mutate('followRun', { runId: id })
    await scene.change(id, (tx, run) => fail(tx, run, FAILURE))
    await scene.settle()
    await database.user.update({ where: { id: ada.userId }, data: { isServiceAccount: false } })
    expect(errors).toMatchObject([{ code: 'FORBIDDEN' }])
    expect(await scene.titles(ada)).not.toContain(`Run ${number} failed`)
  })

  it('of an experiment is told of by the experiment, once, however many runs end at the same time', async () => {
    const other = await insertFinishedRun(server.database, server.storage, ada)
    const experimentId = await insertExperiment(server.database, ada, other)
    const runs = [
      await scene.startRun(experimentId),
      await scene.startRun(experimentId),
      await scene.startRun(experimentId),
    ]
    await Promise.all(runs.map(({ id }) => scene.change(id, (tx, run) => succeed(tx, run, OUTCOME))))
    await scene.settle()
    const events = await server.database.teamEvent.findMany({ where: { kind: 'EXPERIMENT_FINISHED' } })
    expect(events).toMatchObject([{ data: { how: 'ENDED', runs: { succeeded: 3, failed: 0, canceled: 0 } } }])
    const told = await scene.titles(ada)
    for (const { number } of runs) expect(told).not.toContain(`Run ${number} succeeded`)
    expect(told.filter((title: string) => /^Experiment \d+ finished$/.test(title))).toHaveLength(1)
  })
})

it('an experiment of which a run is tried again is told of anew when that has ended', async () => {
  const { database, storage } = server
  const other = await insertFinishedRun(database, storage, ada)
  const experimentId = await insertExperiment(database, ada, other)
  const { id } = await scene.startRun(experimentId)
  await scene.change(id, (tx, run) => fail(tx, run, FAILURE))
  await scene.settle()
  await scene.change(id, (tx, run) => retry(tx, run, 'SCRATCH'))
  await moveRun(database, id, ['STARTING', 'RUNNING'])
  await scene.change(id, (tx, run) => succeed(tx, run, OUTCOME))
  await scene.settle()
  const where = {
    kind: 'EXPERIMENT_FINISHED',
    data: { path: ['experiment', 'id'], equals: experimentId },
  } as const
  const told = await database.teamEvent.findMany({ where, orderBy: { id: 'asc' } })
  expect(told.map(({ data }) => (data as { runs: object }).runs)).toEqual([
    { succeeded: 0, failed: 1, canceled: 0 },
    { succeeded: 1, failed: 0, canceled: 0 },
  ])
})

it('a version that somebody made of another’s upload by an edit is told to the editor', async () => {
  const { database } = server
  const { versionId } = await insertVersion(database, ada, 'READY', { createdById: grace.userId })
  await recordDatasetReady(database, versionId)
  await scene.settle()
  const event = await database.teamEvent.findFirstOrThrow({
    where: { kind: 'DATASET_READY', concernsId: grace.userId },
  })
  expect(event.data).toMatchObject({ createdBy: { id: grace.userId, name: 'Grace' } })
})

describe('a pause', () => {
  it('because a disk is full is told the first time, and not at every try', async () => {
    const { id } = await scene.startRun()
    const data = { teamId: ada.teamId, runId: id, workerName: 'w' }
    const disk = {
      failureCode: 'DISK_FULL',
      failureMessage: 'full',
      outcome: 'PAUSED',
      endedAt: new Date(),
    } as const
    await server.database.runAttempt.create({ data: { ...data, number: 1, ...disk } })
    await server.database.run.update({ where: { id }, data: { attempt: 2 } })
    await moveRun(server.database, id, ['PAUSING'])
    const paused = () => server.database.teamEvent.count({ where: { kind: 'RUN_PAUSED' } })
    await scene.change(id, (tx, run) => enterPaused(tx, run, 'DISK_FULL', 60))
    expect(await paused()).toBe(0)
    await scene.change(id, pause)
    expect(await paused()).toBe(1)
    await scene.settle()
  })
})

describe('what else is told', () => {
  it('is recorded as the contract has it, for every kind', async () => {
    const { versionId, exportId } = await insertFinishedRun(server.database, server.storage, ada)
    await recordDatasetReady(server.database, versionId)
    await recordModelExported(server.database, exportId, { fileName: 'ada.onnx', byteLength: 5_000_000_000 })
    const { invitation, url } = await ada.api.mutate(
      'createInvitation',
      { teamId: ada.teamId, role: 'VIEWER' },
      'url invitation { id }',
    )
    expect(invitation.id).toBeTruthy()
    const alan = await server.signUp('Alan')
    await alan.api.mutate('acceptInvitation', { token: url.split('#')[1] })
    await scene.settle()
    expect(await scene.titles(ada)).toEqual(
      expect.arrayContaining(
        ['Alan joined', 'ada of run 1 was exported as ONNX'].map((t) =>
          expect.stringMatching(t.replace('run 1', 'run \\d+')),
        ),
      ),
    )
    const kinds = new Set<TeamEventKind>()
    for (const { kind, data } of await server.database.teamEvent.findMany()) {
      expect(TEAM_EVENT_DATA[kind].safeParse(data).error).toBeUndefined()
      kinds.add(kind)
    }
    // A webhook's failure and a limit that is near have their own tests.
    expect([...kinds, 'LIMIT_NEAR', 'WEBHOOK_DISABLED'].toSorted()).toEqual(
      Object.keys(TEAM_EVENTS).toSorted(),
    )
  })
})

describe('choices', () => {
  const choose = (person: Person, kind: string, channel: string, scope: string) =>
    person.api.mutate('chooseNotices', { kind, channel, scope }, 'noticeChoices { kind channel scope }')

  it('are the usual ones until somebody chooses', async () => {
    const { viewer } = await grace.api.ask('{ viewer { noticeChoices { kind channel scope } } }')
    for (const { kind, channel, scope } of viewer.noticeChoices)
      expect([kind, channel, scope]).toEqual([
        kind,
        channel,
        USUAL_NOTICES[kind as TeamEventKind][channel as 'PAGE'],
      ])
    expect(viewer.noticeChoices).toHaveLength(3 * Object.keys(USUAL_NOTICES).length)
  })

  it('decide by kind and channel', async () => {
    await choose(grace, 'RUN_FAILED', 'MAIL', 'TEAM')
    const { noticeChoices } = await choose(ada, 'RUN_FAILED', 'PAGE', 'NOTHING')
    expect(noticeChoices).toContainEqual({ kind: 'RUN_FAILED', channel: 'PAGE', scope: 'NOTHING' })
    await choose(ada, 'RUN_FAILED', 'BROWSER', 'NOTHING')
    await choose(ada, 'RUN_FAILED', 'MAIL', 'NOTHING')
    const before = [(await scene.bell(ada)).notices.length, (await mailsTo(ada)).length]
    const { id, number } = await scene.startRun()
    await scene.change(id, (tx, run) => fail(tx, run, FAILURE))
    await scene.settle()
    expect([(await scene.bell(ada)).notices.length, (await mailsTo(ada)).length]).toEqual(before)
    expect(await scene.titles(grace)).not.toContain(`Run ${number} failed`)
    const subjects = (await mailsTo(grace)).map(({ subject }) => subject)
    expect(subjects).toContainEqual(expect.stringContaining(`Run ${number} failed`))
  })
})
