import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { PUSH_WORKER_SCRIPT } from '../../../web/features/notices/push/push-worker-script.ts'

const ORIGIN = 'https://studyhall.example'

/** The worker in a browser whose pages are at these addresses. */
function startWorker(pages: string[] = []) {
  const handlers: Record<string, (event: object) => void> = {}
  const shown: [title: string, options: { body: string; tag: string; data: unknown }][] = []
  const seen: string[] = []
  const self = {
    location: { origin: ORIGIN },
    addEventListener: (kind: string, handler: (event: object) => void) => {
      handlers[kind] = handler
    },
    registration: { showNotification: async (...given: (typeof shown)[number]) => void shown.push(given) },
    clients: {
      matchAll: async () => pages.map((url) => ({ url, focus: async () => void seen.push(`focus ${url}`) })),
      openWindow: async (url: string) => void seen.push(`open ${url}`),
    },
  }
  runInNewContext(PUSH_WORKER_SCRIPT, { self, URL })
  const dispatch = async (kind: string, event: object) => {
    let work: unknown
    handlers[kind]?.({ ...event, waitUntil: (given: unknown) => (work = given) })
    await work
  }
  return {
    shown,
    seen,
    push: (message: string) => dispatch('push', { data: { json: () => JSON.parse(message) } }),
    click: (path: unknown) => dispatch('notificationclick', { notification: { close() {}, data: { path } } }),
  }
}

it('shows what was pushed, under the tag by which an open page shows it', async () => {
  const { shown, push } = startWorker()
  await push(JSON.stringify({ id: 'ntc_1', title: 'Run 7 failed', body: 'Why.', path: '/lab/runs/7' }))
  expect(shown).toMatchObject([
    ['Run 7 failed', { body: 'Why.', tag: 'ntc_1', data: { path: '/lab/runs/7' } }],
  ])
})

it('shows something for a message that it cannot read, since browsers demand it', async () => {
  const { shown, push } = startWorker()
  await push('not JSON')
  expect(shown).toMatchObject([['Studyhall', { data: { path: '/' } }]])
})

it.each([
  ['/lab/runs/7', `${ORIGIN}/lab/runs/7`],
  ['//elsewhere.example/a', `${ORIGIN}/`],
  ['/\\elsewhere.example/a', `${ORIGIN}/`],
  ['https://elsewhere.example/a', `${ORIGIN}/`],
  ['javascript:alert(1)', `${ORIGIN}/`],
  ['https://', `${ORIGIN}/`],
])('row 69: a click on a notice of %s opens %s', async (path, address) => {
  const { seen, click } = startWorker([`${ORIGIN}/lab/cohorts/new`])
  await click(path)
  expect(seen).toEqual([`open ${address}`])
})

it('a click goes to the page that already shows it', async () => {
  const address = `${ORIGIN}/lab/runs/7`
  const { seen, click } = startWorker([`${ORIGIN}/lab`, address])
  await click('/lab/runs/7')
  expect(seen).toEqual([`focus ${address}`])
})
