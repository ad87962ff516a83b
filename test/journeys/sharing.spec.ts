import { type APIRequestContext, expect } from '@playwright/test'
import { expectUsable } from './check-page.ts'
import { test } from './fixtures.ts'
import { RUN, SEEDED } from './seeded.ts'

const PASSWORD = 'lantern orbit pickle'
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47])

/** The path of a link to a thing of the seeded team. */
async function share(seeded: APIRequestContext, subjectId: string, input: object = {}): Promise<string> {
  const query =
    'mutation ($input: CreateShareLinkInput!) { createShareLink(input: $input) { url errors { message } } }'
  const answer = await seeded.post('/graphql', {
    data: { query, variables: { input: { subjectId, ...input } } },
  })
  const { url } = (await answer.json()).data.createShareLink
  return new URL(url).pathname
}

async function findSubjects(seeded: APIRequestContext) {
  const query = `query ($slug: String!, $run: Int!) {
    team(slug: $slug) { run(number: $run) { id ensemble { id } models { id } } }
  }`
  const variables = { slug: SEEDED.slice(1), run: RUN.labels }
  const answer = await seeded.post('/graphql', { data: { query, variables } })
  const { run } = (await answer.json()).data.team
  return { run: run.id, model: run.models[0].id, ensemble: run.ensemble.id }
}

test.describe('Sharing', () => {
  test.describe('for a stranger', () => {
    test.use({ storageState: { cookies: [], origins: [] } })

    test('a shared run, a model and a page with a password are accessible and fit', async ({
      page,
      seeded,
    }) => {
      const { run, model } = await findSubjects(seeded)
      await expectUsable(page, await share(seeded, run))
      await page.getByRole('heading', { name: 'Test accuracy' }).waitFor()
      await expectUsable(page, await share(seeded, model, { withFiles: true }))
      await page.getByRole('link', { name: /\.zip/ }).first().waitFor()
      await expectUsable(page, await share(seeded, run, { password: PASSWORD }))
      await page.getByLabel('Password', { exact: true }).fill('not this one')
      await page.getByRole('button', { name: 'Open' }).click()
      await page.getByText('This is not the password.').waitFor()
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
      await page.getByRole('button', { name: 'Open' }).click()
      await page.getByRole('heading', { name: 'Recipe' }).waitFor()
      await expectUsable(page, '/shared/nothing')
      await page.getByRole('heading', { name: 'This link shows nothing' }).waitFor()
    })

    test('a preview has a picture of the run’s own, and a neutral one where a password is asked for', async ({
      request,
      seeded,
    }) => {
      const { run } = await findSubjects(seeded)
      const open = await share(seeded, run)
      const pictureOf = async (path: string) => {
        const html = await (await request.get(path)).text()
        const [, address = ''] = /<meta property="og:image" content="([^"]+)"/.exec(html) ?? []
        const { pathname, search } = new URL(address.replaceAll('&amp;', '&'))
        const picture = await request.get(pathname + search)
        expect(picture.headers()['content-type']).toBe('image/png')
        const bytes = await picture.body()
        expect(bytes.subarray(0, 4)).toEqual(PNG)
        expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([1200, 630])
        return { html, bytes }
      }
      const shown = await pictureOf(open)
      expect(shown.html).toContain('Two who name clothes')
      expect(shown.html).toMatch(/<meta name="robots" content="noindex, nofollow, noarchive"/)
      const locked = await pictureOf(await share(seeded, run, { password: PASSWORD }))
      expect(locked.html).not.toContain('Two who name clothes')
      expect(locked.bytes.equals(shown.bytes)).toBe(false)
      expect(locked.bytes.equals((await pictureOf('/shared/nothing')).bytes)).toBe(true)
    })
  })

  test.describe('by a member', () => {
    test.use({ storageState: async ({ seeded }, use) => use(await seeded.storageState()) })

    test('a run is shared from its page, seen by a stranger, and seen no more once that is revoked', async ({
      page,
      browser,
    }) => {
      await page.goto(`${SEEDED}/runs/${RUN.labels}`)
      await page.getByRole('button', { name: 'Share', exact: true }).click()
      const dialog = page.getByRole('dialog', { name: `Share run ${RUN.labels}` })
      await dialog.getByRole('button', { name: 'Make the link' }).click()
      const url = await dialog.getByLabel('Link', { exact: true }).inputValue()
      const context = await browser.newContext({ storageState: { cookies: [], origins: [] } })
      const stranger = await context.newPage()
      await stranger.goto(url)
      await stranger.getByRole('heading', { name: 'Recipe' }).waitFor()
      const revoke = dialog.getByRole('button', { name: /^Revoke the link/ }).first()
      await revoke.click()
      await dialog.getByRole('button', { name: /^End the link/ }).click()
      await stranger.getByRole('heading', { name: 'This link shows nothing' }).waitFor()
      await context.close()
    })
  })
})
