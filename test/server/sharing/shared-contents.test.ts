import { type GraphQLObjectType, getNamedType, isObjectType } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSchema } from '../../../server/graphql/schema.ts'
import { Api, type Person, startTestServer, type TestServer } from '../test-server.ts'
import { insertShareable, open, type Shared, share } from './sharing.ts'

let server: TestServer
let ada: Person
let made: Awaited<ReturnType<typeof insertShareable>>
let links: Record<'run' | 'experiment' | 'model' | 'ensemble', Shared>
beforeAll(async () => {
  server = await startTestServer()
  await server.signUp('Administrator')
  ada = await server.signUp('Ada Lovelace')
  made = await insertShareable(server, ada)
  const { teamId } = ada
  await server.database.metricChunk.create({
    data: {
      ...{ teamId, runId: made.runId, student: 0, name: 'testTop1', eventSeq: 1 },
      ...{ firstStep: 10, lastStep: 30, steps: [10, 20, 30], values: [0.5, 0.8, 0.7] },
    },
  })
  const naming = { name: 'The best one', tags: ['secret-tag'], notes: 'internal notes' }
  await server.database.run.update({
    where: { id: made.runId },
    data: { ...naming, workerName: 'gpu-host-7:4711' },
  })
  links = {
    run: await share(ada, made.runId),
    experiment: await share(ada, made.experimentId),
    model: await share(ada, made.modelId, { withFiles: true }),
    ensemble: await share(ada, made.ensembleId),
  }
})
afterAll(() => server.stop())

const pageOf = async (name: keyof typeof links) => (await open(server, links[name].token)).data.shared

describe('what a shared link shows', () => {
  it('of a run: curves, scores and results under its own name', async () => {
    const { run } = await pageOf('run')
    expect(run).toMatchObject({
      title: 'The best one',
      recipe: { epochs: expect.any(Number) },
      receiptUrl: null,
    })
    expect(run.metrics).toEqual([
      { student: 0, name: 'testTop1', steps: [10, 20, 30], values: [0.5, 0.8, 0.7] },
    ])
    expect(run.cohort.students[0]).toMatchObject({ lastScore: 0.7, bestScore: 0.8 })
  })

  it('of an experiment: arms, comparisons and curves', async () => {
    const { experiment } = await pageOf('experiment')
    expect(experiment).toMatchObject({ title: 'One arm', arms: [{ name: 'mutual' }], progress: { runs: 0 } })
    expect(experiment.curves).toEqual([expect.objectContaining({ arm: 'mutual', steps: [10, 20, 30] })])
    expect(experiment.comparisons.length).toBeGreaterThan(0)
  })

  it('of a model: scores and, where that was ticked, its files; of an ensemble its own', async () => {
    const { model } = await pageOf('model')
    expect(model).toMatchObject({ title: 'ada, a resnet-8', isEnsemble: false, parameters: 78_000 })
    expect(model.scores).toEqual([{ name: 'Test accuracy', value: 0.9 }])
    expect(model.files).toEqual([expect.objectContaining({ format: 'TFJS', byteLength: 16 })])
    const ensemble = (await pageOf('ensemble')).model
    expect(ensemble).toMatchObject({ isEnsemble: true, files: [] })
    expect(ensemble.scores[0]).toEqual({ name: 'Mean posterior', value: 0.95 })
  })

  it('row 67: nothing of the team, its people, its machines or anything else that it has', async () => {
    const { email, name } = ada.account
    const { slug, name: teamName } = await server.database.team.findUniqueOrThrow({
      where: { id: ada.teamId },
    })
    const secrets = [email, name, slug, teamName, 'secret-tag', 'internal notes', 'gpu-host-7']
    const shared = Object.keys(links) as (keyof typeof links)[]
    for (const link of shared) {
      // What the rows of the test are named after stands for their names.
      const own = [made.cohortId, made.datasetId]
      const text = own.reduce((rest, id) => rest.replaceAll(id, 'own'), JSON.stringify(await pageOf(link)))
      for (const secret of secrets) expect([link, text]).not.toEqual([link, expect.stringContaining(secret)])
      expect([link, text.match(/\b[a-z]{2,4}_[0-9a-z]{25}\b/g)]).toEqual([link, null])
      expect(text).not.toContain(ada.userId)
    }
  })

  it('row 67: no type behind a link has an id, nor leads to one that has', () => {
    const types = createSchema().getTypeMap()
    const seen = new Set<GraphQLObjectType>()
    const walk = (type: unknown) => {
      if (!isObjectType(type) || seen.has(type)) return
      seen.add(type)
      for (const field of Object.values(type.getFields())) walk(getNamedType(field.type))
    }
    walk(types.SharedPage)
    walk(types.SharedPreview)
    expect([...seen].map(({ name }) => name)).toEqual(expect.arrayContaining(['SharedRun', 'SharedModel']))
    expect([...seen].filter((type) => 'id' in type.getFields() || type.getInterfaces().length > 0)).toEqual(
      [],
    )
  })

  it('a preview tells the leading figures and curves', async () => {
    const query =
      'query ($token: String!) { sharedPreview(token: $token) { title summary figures { label value } lines { label steps values } } }'
    const preview = async (name: keyof typeof links) =>
      (await new Api(server.url).ask(query, { token: links[name].token })).sharedPreview
    expect(await preview('run')).toEqual({
      title: 'The best one',
      summary: `2 students on ${made.datasetId}: succeeded`,
      figures: [
        { label: 'ada', value: '70.0 %' },
        { label: 'ensemble', value: '95.0 %' },
      ],
      lines: [{ label: 'ada', steps: [10, 20, 30], values: [0.5, 0.8, 0.7] }],
    })
    expect(await preview('experiment')).toMatchObject({ title: 'One arm', lines: [{ label: 'mutual' }] })
    expect(await preview('model')).toMatchObject({
      figures: [{ label: 'Test accuracy', value: '90.0 %' }],
      lines: [],
    })
  })
})

describe('files of a shared page', () => {
  const fetchFile = (url: string, headers = {}) => fetch(server.at(url), { headers })

  it('come by the address in the answer, in parts, too, until the link is revoked', async () => {
    const link = await share(ada, made.modelId, { withFiles: true })
    const [{ url, sha256 }] = (await open(server, link.token)).data.shared.model.files
    const whole = await fetchFile(url)
    expect([whole.status, await whole.text()]).toEqual([200, 'not really a zip'])
    expect(whole.headers.get('etag')).toBe(`"${sha256}"`)
    expect(whole.headers.get('x-robots-tag')).toBe('noindex, nofollow')
    expect((await fetchFile(url)).status).toBe(200)
    expect((await fetchFile(url, { range: 'bytes=4-9' })).status).toBe(206)
    const detail = { path: ['shareLinkId'], equals: link.id }
    expect(await server.database.auditEvent.count({ where: { action: 'download.file', detail } })).toBe(1)
    await ada.api.mutate('revokeShareLink', { shareLinkId: link.id })
    expect((await fetchFile(url)).status).toBe(403)
  })

  it('row 67: are not reached by another link’s token, another name, a later time or no signature', async () => {
    const [{ url }] = (await pageOf('model')).model.files
    const bare = url.split('?')[0]
    const expires = Number(new URL(url, server.url).searchParams.get('expires'))
    const tampered = [
      bare,
      url.replace(links.model.token, links.ensemble.token),
      url.replace(links.model.token, links.run.token),
      url.replace('/TFJS', '/ONNX'),
      url.replace('/TFJS', '/receipt'),
      url.replace(`expires=${expires}`, `expires=${expires + 60}`),
    ]
    for (const address of tampered)
      expect([address, (await fetchFile(address)).status]).toEqual([address, 403])
  })
})
