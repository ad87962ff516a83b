import { fireEvent, render, screen, waitFor } from '@testing-library/react'
import { beforeEach, expect, it, vi } from 'vitest'
import { PushSwitch } from '../../../web/features/notices/push/push-switch.tsx'
import { createAnsweringClient, Surroundings } from '../runs/answering-client.tsx'

const SUBSCRIPTION = { endpoint: 'https://push.example.org/1', p256dh: 'p', auth: 'a' }
const browser = vi.hoisted(() => ({
  obstacle: null as string | null,
  subscribe: vi.fn(),
  unsubscribe: vi.fn(async () => {}),
}))
vi.mock('../../../web/features/notices/push/browser-push.ts', () => ({
  whyNoPush: () => browser.obstacle,
  subscribeBrowser: browser.subscribe,
  unsubscribeBrowser: browser.unsubscribe,
}))
beforeEach(() => {
  browser.obstacle = null
  browser.subscribe.mockReset().mockResolvedValue(SUBSCRIPTION)
})

/** The switch, with a server that keeps whether it is on. */
function show({ errors = [] as object[] } = {}) {
  const sent: unknown[] = []
  let isPushed = false
  const { client } = createAnsweringClient((operation, { input }) => {
    if (operation === 'PushState') return { viewer: { __typename: 'Viewer', pushKey: 'KEY', isPushed } }
    const { subscription } = input as { subscription: object | null }
    sent.push(subscription)
    if (errors.length === 0) isPushed = subscription !== null
    return { setPushSubscription: { __typename: 'SetPushSubscriptionPayload', isPushed, errors } }
  })
  const onAsked = vi.fn()
  render(
    <Surroundings client={client}>
      <PushSwitch onAsked={onAsked} />
    </Surroundings>,
  )
  return { sent, onAsked }
}

async function click() {
  const control = screen.getByRole('switch', { name: /Also while no page is open/ })
  await waitFor(() => expect(control).toHaveProperty('disabled', false))
  fireEvent.click(control)
  return control as HTMLInputElement
}

it('switches this browser on with the key of the instance, and off again', async () => {
  const { sent, onAsked } = show()
  const control = await click()
  await waitFor(() => expect(control.checked).toBe(true))
  expect(browser.subscribe).toHaveBeenCalledWith('KEY')
  expect(onAsked).toHaveBeenCalledTimes(1)
  await click()
  await waitFor(() => expect(control.checked).toBe(false))
  expect(sent).toEqual([SUBSCRIPTION, null])
  expect(browser.unsubscribe).toHaveBeenCalled()
})

it('says why a browser was not allowed to, and sends nothing', async () => {
  browser.subscribe.mockRejectedValue(new Error('The browser was not allowed to show notices.'))
  const { sent } = show()
  const control = await click()
  expect((await screen.findByRole('alert')).textContent).toBe('The browser was not allowed to show notices.')
  expect([sent, control.checked]).toEqual([[], false])
})

it('says what the server refuses', async () => {
  const message = 'A push service has a public address.'
  show({ errors: [{ __typename: 'UserError', code: 'INVALID_INPUT', message, path: [] }] })
  await click()
  expect((await screen.findByRole('alert')).textContent).toBe(message)
})

it('says instead of a switch why there can be none', async () => {
  browser.obstacle = 'Nor can it be sent any while no page is open.'
  show()
  expect((await screen.findByRole('status')).textContent).toBe(browser.obstacle)
  expect(screen.queryByRole('switch')).toBeNull()
})
