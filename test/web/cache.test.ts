import { readFileSync } from 'node:fs'
import { gql } from '@apollo/client'
import { buildSchema, isObjectType } from 'graphql'
import { expect, it } from 'vitest'
import { createCache, PAGED_FIELDS } from '../../web/graphql/cache.ts'

/** Read page by page past the cache, or kept by all of their arguments, as what has no rule is. */
const UNCACHED = ['DatasetVersion.pictures', 'Run.log', 'Viewer.notices', 'Webhook.deliveries']
const PAGING = ['first', 'after']

const schema = buildSchema(readFileSync('schema.graphql', 'utf8'))
const lists = Object.values(schema.getTypeMap())
  .filter(isObjectType)
  .flatMap((type) => Object.values(type.getFields()).map((field) => ({ type: type.name, field })))
  .filter(({ field }) => /Connection!?$/.test(String(field.type)))
  .filter(({ type, field }) => !UNCACHED.includes(`${type}.${field.name}`))

it.each(lists)('tells lists of $type.$field.name apart by everything but their pages', ({ type, field }) => {
  const filters = field.args.map(({ name }) => name).filter((name) => !PAGING.includes(name))
  expect(PAGED_FIELDS[type]?.[field.name]).toEqual(expect.arrayContaining(filters))
})

const EXPERIMENTS = gql`
  query Experiments($after: String) {
    team(slug: "lab") {
      id
      experiments(first: 50, after: $after) {
        edges { cursor node { id } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`

const pageOf = (id: string, hasNextPage: boolean) => ({
  team: {
    ...{ __typename: 'Team', id: 'team_1' },
    experiments: {
      __typename: 'ExperimentConnection',
      edges: [{ __typename: 'ExperimentEdge', cursor: id, node: { __typename: 'Experiment', id } }],
      pageInfo: { __typename: 'PageInfo', hasNextPage, endCursor: id },
    },
  },
})

it('puts a list’s next page behind those before', () => {
  const cache = createCache()
  cache.writeQuery({ query: EXPERIMENTS, data: pageOf('exp_2', true) })
  cache.writeQuery({ query: EXPERIMENTS, variables: { after: 'exp_2' }, data: pageOf('exp_1', false) })
  const shown = cache.readQuery<ReturnType<typeof pageOf>>({ query: EXPERIMENTS })
  expect(shown?.team.experiments.edges.map(({ cursor }) => cursor)).toEqual(['exp_2', 'exp_1'])
})

const ROWS = gql`
  query Rows($after: String) {
    team(slug: "lab") {
      id
      experiments(first: 2, after: $after) {
        totalCount
        edges { cursor node { id } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`

/** @param ids of the rows on the page; cursors are places, as of lists that are ordered by a value */
const rowsOf = (ids: string[], totalCount: number, firstPlace = 0) => ({
  team: {
    ...{ __typename: 'Team', id: 'team_1' },
    experiments: {
      ...{ __typename: 'ExperimentConnection', totalCount },
      edges: ids.map((id, i) => ({
        __typename: 'ExperimentEdge',
        cursor: `${firstPlace + i}`,
        node: { __typename: 'Experiment', id },
      })),
      pageInfo: { __typename: 'PageInfo', hasNextPage: true, endCursor: `${firstPlace + ids.length - 1}` },
    },
  },
})

it.each([
  ['stay as they were', ['e5', 'e4'], 5, ['e5', 'e4', 'e3', 'e2']],
  ['stay behind a newcomer', ['e6', 'e5'], 6, ['e6', 'e5', 'e4', 'e3', 'e2']],
  ['go where one of them was deleted', ['e5', 'e4'], 4, ['e5', 'e4']],
  ['go where one before them was deleted', ['e5', 'e3'], 4, ['e5', 'e3']],
  ['go where another came before them', ['e5', 'e2'], 5, ['e5', 'e2']],
  ['go where only newcomers are seen', ['e7', 'e6'], 7, ['e7', 'e6']],
])('pages behind a first page that comes again %s', (_, again, totalCount, expected) => {
  const cache = createCache()
  cache.writeQuery({ query: ROWS, data: rowsOf(['e5', 'e4'], 5) })
  cache.writeQuery({ query: ROWS, variables: { after: '1' }, data: rowsOf(['e3', 'e2'], 5, 2) })
  cache.writeQuery({ query: ROWS, data: rowsOf(again, totalCount) })
  const { experiments } = cache.readQuery<ReturnType<typeof rowsOf>>({ query: ROWS })!.team
  expect(experiments.edges.map(({ node }) => node.id)).toEqual(expected)
  expect(experiments.totalCount).toBe(totalCount)
  const isLonger = expected.length > again.length
  expect(experiments.pageInfo.endCursor).toBe(isLonger ? '3' : '1')
})

it('asks for files at the origin of the page, whatever public origin their addresses have', () => {
  const cache = createCache()
  const query = gql`
    query Overview {
      node(id: "dsv_1") {
        id
        overview { sheetsUrl meanUrl }
      }
    }
  `
  const at = (path: string) => `https://studyhall.example.org${path}`
  const overview = {
    __typename: 'DatasetOverview',
    sheetsUrl: at('/thumbnails/dsv_1/sheets'),
    meanUrl: at('/mean?a=b'),
  }
  cache.writeQuery({ query, data: { node: { __typename: 'DatasetVersion', id: 'dsv_1', overview } } })
  expect(cache.readQuery({ query })).toMatchObject({
    node: { overview: { sheetsUrl: '/thumbnails/dsv_1/sheets', meanUrl: '/mean?a=b' } },
  })
})

it('keeps apart what is told of one person on many days', () => {
  const query = gql`
    query Hours {
      team(slug: "lab") { id deviceHours(from: "2026-11-01", to: "2026-12-01") { day id name hours } }
    }
  `
  const hoursOf = (day: string, hours: number) => ({
    __typename: 'DeviceHours',
    ...{ day, id: 'ada', name: 'Ada', hours },
  })
  const deviceHours = [hoursOf('2026-11-01', 2), hoursOf('2026-11-02', 5)]
  const cache = createCache()
  cache.writeQuery({ query, data: { team: { __typename: 'Team', id: 'team_1', deviceHours } } })
  expect(cache.readQuery<{ team: object }>({ query })?.team).toMatchObject({ deviceHours })
})

/** One thing each, told alike wherever it is told. */
const THINGS = [
  'AuditEvent',
  'AuditTeam',
  'InstancePerson',
  'InstanceTeam',
  'Invitation',
  'Mail',
  'Member',
  'Notice',
]
const MORE_THINGS = ['ServiceAccount', 'ShareLink', 'TeamStorage', 'User']

it('knows of every type with an id whether that is its own', () => {
  const withId = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter((type) => 'id' in type.getFields() && !type.getInterfaces().some(({ name }) => name === 'Node'))
    .map(({ name }) => name)
  const isApart = (name: string) =>
    createCache().policies.identify({ __typename: name, id: 'x' })[0] === undefined
  expect(withId.filter((name) => !isApart(name)).toSorted()).toEqual([...THINGS, ...MORE_THINGS].toSorted())
})
