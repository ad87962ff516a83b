import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MetricSeries, RunEventRecord } from '../../../contract/runs/run-events.ts'
import { openLog } from '../../../logging/open-log.ts'
import { recordRunEvent } from '../../../runs/events.ts'
import { RunFeed } from '../../../server/live/run-feed.ts'
import { Thinner } from '../../../server/live/thin-events.ts'
import { insertCohort, insertRun, insertVersion } from '../rows.ts'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'

const progress = { step: 1, steps: 9_000, epoch: 1, epochs: 5, imagesPerSecond: 10, remainingSeconds: null }
const METRICS = { kind: 'METRICS', ...progress } as const
const NOW_MS = 10_000

/** An event with points of one student's loss; the clock that dated it goes wrong. */
function metrics(seq: number, values: number[], student = 0): RunEventRecord {
  const steps = values.map((_, i) => seq * 1_000 + i)
  const series: MetricSeries[] = [{ student, name: 'loss', steps, values }]
  return { runId: 'run', seq, at: new Date(0), payload: { ...METRICS, step: seq }, series }
}

/** A thinner at which each of the events arrived so long ago. */
function thinnerOf(arrived: [event: RunEventRecord, agoMs: number][]): Thinner {
  const thinner = new Thinner(() => NOW_MS)
  for (const [event, agoMs] of arrived) thinner.arrive([event], NOW_MS - agoMs)
  return thinner
}

describe('a stream that has fallen behind', () => {
  it('keeps the least and the greatest value of every span, at their steps, and the first and the last of all', () => {
    const waves = [1, 2, 3].map((seq) => Array.from({ length: 1_000 }, (_, i) => Math.sin(seq + i / 10)))
    waves[1]![500] = 99
    waves[2]![7] = -99
    waves[0]![3] = Number.NaN
    const behind = waves.map((values, i) => metrics(i + 1, values))
    const [merged, ...others] = thinnerOf(behind.map((event) => [event, 2_000])).thin(behind)
    expect(others).toEqual([])
    expect(merged).toMatchObject({ seq: 3, firstSeq: 1, payload: { step: 3 } })
    const { steps, values } = merged!.series[0]!
    expect(steps.length).toBeLessThanOrEqual(23)
    expect(merged!.pointsLeftOut).toBe(3_000 - steps.length)
    expect(steps).toEqual(steps.toSorted((a, b) => a - b))
    const at = (step: number) => values[steps.indexOf(step)]
    expect([at(2_500), at(3_007), at(1_003)]).toEqual([99, -99, Number.NaN])
    expect([steps[0], values[0]]).toEqual([1_000, waves[0]![0]])
    expect([steps.at(-1), values.at(-1)]).toEqual([3_999, waves[2]!.at(-1)])
    // Every bucket of 300 values has its own ends.
    const all = waves.flat()
    for (let from = 0; from < 3_000; from += 300) {
      const bucket = all.slice(from, from + 300).filter((value) => !Number.isNaN(value))
      expect(values).toEqual(expect.arrayContaining([Math.min(...bucket), Math.max(...bucket)]))
    }
  })

  it('is told whole where its points are few, each series for itself, and everything else in its order', () => {
    const log = {
      ...metrics(2, []),
      payload: { kind: 'LOG', level: 'INFO', message: 'here' },
    } as const
    const events = [metrics(1, [3]), { ...log, series: [] }, metrics(3, [2]), metrics(4, [1], 1)]
    const thinned = thinnerOf([[events[0]!, 2_000]]).thin(events)
    expect(thinned.map(({ seq, firstSeq }) => [firstSeq ?? seq, seq])).toEqual([
      [1, 1],
      [2, 2],
      [3, 4],
    ])
    expect(thinned.map(({ pointsLeftOut }) => pointsLeftOut ?? 0)).toEqual([0, 0, 0])
    expect(thinned[2]!.series.map(({ student, values }) => [student, values])).toEqual([
      [0, [2]],
      [1, [1]],
    ])
  })

  it('is one event for all who are equally far behind, and none where nobody is', () => {
    const events = [metrics(1, [3]), metrics(2, [2])]
    const behind = thinnerOf(events.map((event) => [event, 500]))
    expect(behind.thin(events)[0]).toBe(behind.thin([...events])[0])
    expect(thinnerOf([[events[0]!, 499]]).thin(events)).toEqual(events)
  })

  it('is one of events that were read again, since more of them waited than are kept', () => {
    expect(thinnerOf([]).thin([metrics(1, [3]), metrics(2, [2])])).toHaveLength(1)
  })
})

describe('whoever follows a run', () => {
  let server: TestServer
  let ada: Person
  let runId: string
  beforeAll(async () => {
    server = await startTestServer()
    ada = await server.signUp()
    const { database } = server
    runId = await insertRun(database, ada, {
      ...(await insertCohort(database, ada)),
      ...(await insertVersion(database, ada)),
    })
  })
  afterAll(() => server?.stop())

  /** All at once: a reader finds all of them or none. */
  const write = (...steps: number[]) =>
    server.database.$transaction(async (tx) => {
      for (const step of steps)
        await recordRunEvent(tx, runId, null, { ...METRICS, step }, [
          { student: 0, name: 'loss', steps: [step], values: [step] },
        ])
    })

  it('gets late events as one if they may be thinned, else one by one, and by replay again each', async () => {
    const counts = { subscribers: 0, joined: 0, eventsRead: 0, eventsSent: 0 }
    const log = openLog('server', 'silent')
    let nowMs = 0
    // Half a second goes by between any two looks at the clock.
    const feed = new RunFeed(server.database, log, counts, new Thinner(() => (nowMs += 500)))
    const end = new AbortController()
    const [whole, thin] = [false, true].map((mayThin) => feed.follow(runId, 0, end.signal, mayThin))
    const waiting = [whole!.next(), thin!.next()]
    // Both have joined: what is written now finds them live.
    await expect.poll(() => counts.joined).toBe(2)
    await write(1, 2, 3)
    feed.notify(runId)
    const [first, merged] = await Promise.all(waiting)
    expect(first!.value).toMatchObject({ seq: 1, series: [{ steps: [1] }] })
    expect(merged!.value).toMatchObject({ seq: 3, firstSeq: 1, series: [{ steps: [1, 2, 3] }] })
    const replayed = feed.follow(runId, 0, end.signal, true)
    expect((await replayed.next()).value).toMatchObject({ seq: 1 })
    end.abort()
    for (const each of [whole, thin, replayed]) await each!.return(undefined)
  })

  it('says by an argument that it may be thinned, and is told what is left out', async () => {
    const query = `subscription ($runId: ID!) { runEvents(runId: $runId, afterSeq: 2, mayThin: true) {
      seq ... on MetricsRecorded { firstSeq pointsLeftOut } } }`
    for await (const { data } of ada.api.listen(query, { runId })) {
      expect(data.runEvents).toEqual({ seq: 3, firstSeq: 3, pointsLeftOut: 0 })
      break
    }
  })
})
