import { test } from './fixtures.ts'
import { expectUsable, openPage } from './check-page.ts'
import { productFromEnvironment } from './product.ts'

const OUT = process.env.SHOTS ?? '/tmp/shots'
test('shots', async ({ page, playwright }) => {
  const { origin } = productFromEnvironment()
  const PW = 'correct horse battery'
  const r = await page.request.post('/api/auth/sign-in/email', { data: { email: 'ola@example.org', password: PW } })
  const h = { origin }
  const ask = async (query: string, variables: object) => (await (await page.request.post('/graphql', { headers: h, data: { query, variables } })).json()).data
  const v = await ask('{ viewer { teams { id slug } } }', {})
  const team = v.viewer.teams[0]
  for (const [i, n] of ['Grace Hopper', 'Vi Viewer'].entries()) {
    const inv = await ask('mutation($input: CreateInvitationInput!){createInvitation(input:$input){url}}', { input: { teamId: team.id, role: i ? 'VIEWER' : 'ADMIN' } })
    const c = await playwright.request.newContext({ baseURL: origin })
    await c.post('/api/auth/sign-up/email', { data: { name: n, email: `p${i}@example.org`, password: PW } })
    await c.post('/graphql', { headers: h, data: { query: 'mutation($input: AcceptInvitationInput!){acceptInvitation(input:$input){errors{message}}}', variables: { input: { token: inv.createInvitation.url.split('#')[1] } } } })
  }
  await ask('mutation($input: CreateInvitationInput!){createInvitation(input:$input){url}}', { input: { teamId: team.id, role: 'MEMBER', email: 'someone@example.org' } })
  const join = (await ask('mutation($input: CreateInvitationInput!){createInvitation(input:$input){url}}', { input: { teamId: team.id, role: 'MEMBER', maxUses: 10 } })).createInvitation.url
  const pages: [string, string][] = [['members', `/${team.slug}/members`], ['settings', `/${team.slug}/settings`], ['instance', '/instance'], ['join', join], ['account', '/account'], ['audit', `/${team.slug}/audit`]]
  const wanted = process.env.PAGES?.split(',')
  for (const [name, path] of pages) {
    if (wanted && !wanted.includes(name)) continue
    await expectUsable(page, path)
    await page.screenshot({ path: `${OUT}/${name}-phone-dark.png`, fullPage: true })
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.screenshot({ path: `${OUT}/${name}-dark.png`, fullPage: true })
    await page.emulateMedia({ colorScheme: 'light' })
    await page.waitForTimeout(300)
    await page.screenshot({ path: `${OUT}/${name}-light.png`, fullPage: true })
  }
  await openPage(page, `/${team.slug}/members`)
  await page.getByRole('button', { name: 'Invite' }).click()
  await page.waitForTimeout(500)
  await page.screenshot({ path: `${OUT}/invite-light.png` })
})
