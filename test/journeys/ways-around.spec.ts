import { expect } from '@playwright/test'
import { openPage } from './check-page.ts'
import { readAnswers } from './evaluated-answers.ts'
import { test } from './fixtures.ts'
import { IDENTITY_IN_GALLERY, unpackGalleryPicture } from './gallery-picture.ts'
import { RUN, SEEDED } from './seeded.ts'

/** What one does on the pages of a team that has trained, without changing anything. */
test.describe('Ways around', () => {
  test.use({ storageState: async ({ seeded }, use) => use(await seeded.storageState()) })

  test('an image of the gallery is found as itself by each student and by all together, in the browser', async ({
    page,
    folder,
  }) => {
    // Three networks are compiled by the browser.
    test.slow()
    await openPage(page, `${SEEDED}/runs/${RUN.identities}/try`)
    await page.getByLabel('Image to try').setInputFiles(await unpackGalleryPicture(folder))
    for (const who of ['joan', 'mary', 'All together']) {
      const row = page.getByRole('row', { name: new RegExp(`^${who}`) })
      await expect.poll(() => row.textContent(), { timeout: 150_000 }).toMatch(/0\.00\d.*\d ms/)
      expect(await row.textContent()).toContain(IDENTITY_IN_GALLERY)
    }
    // A query is searched for by a click.
    await page.getByRole('button', { name: /^Query 0/ }).click()
    await page.getByText(/^Query 0, labelled \d{4}$/).waitFor()
  })

  test('an image of the dataset is answered in the browser as in the evaluation, and it is shown why', async ({
    page,
    seeded,
  }) => {
    test.slow()
    await openPage(page, `${SEEDED}/runs/${RUN.labels}/try`)
    await page
      .getByRole('button', { name: /^Test \d+/ })
      .nth(3)
      .focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/try\?image=\d+$/)
    const evaluated = await readAnswers(seeded, RUN.labels, Number(page.url().split('=')[1]))
    for (const { student, label, confidence } of evaluated) {
      const first = page
        .getByRole('region', { name: `What ${student} says` })
        .getByRole('listitem')
        .first()
      await expect(first).toContainText(label, { timeout: 150_000 })
      const share = Number.parseFloat(((await first.textContent()) ?? '').replace(label, ''))
      expect(Math.abs(share - 100 * confidence)).toBeLessThan(0.1)
    }
    await page.getByRole('button', { name: 'Show what it looked at' }).click()
    const table = page.getByRole('table', { name: 'Mean drop in probability' })
    await table.waitFor({ timeout: 150_000 })
    const drops = await table.getByRole('cell').filter({ hasText: /\d/ }).allTextContents()
    expect(drops).toEqual(Array(9).fill(expect.stringMatching(/^−?[01]\.\d{2,3}$/)))
    await page.getByRole('img', { name: /^(It depends most on|No part)/ }).waitFor()
    await page.getByRole('button', { name: 'Hide' }).click()
    await table.waitFor({ state: 'hidden' })
  })

  test('models are measured in the browser, and stand in the chart by the time that they took here', async ({
    page,
  }) => {
    test.slow()
    await openPage(page, `${SEEDED}/models`)
    await page.getByRole('button', { name: 'Measure in this browser' }).click()
    await page.getByRole('button', { name: /^Measure \d models?$/ }).click()
    await page.getByRole('button', { name: 'Show the times' }).click({ timeout: 150_000 })
    await page.waitForURL(/\?cost=time-(wasm|webgl|webgpu|cpu)$/)
    await page.getByText(/^Measured in this browser on this machine with .*, on .*20\d\d/).waitFor()
    await page.reload()
    await page
      .getByRole('link', { name: /of run 2.*time of an image here, with .* [\d.]+ ms$/ })
      .first()
      .waitFor()
  })

  test('the grid of images is walked to its end by keyboard, and holds what is in sight', async ({
    page,
  }) => {
    await openPage(page, `${SEEDED}/datasets`)
    await page.getByRole('link', { name: 'Fashion-MNIST sample', exact: true }).click()
    const grid = page.getByRole('grid', { name: 'Grid of images' })
    await grid.locator('[tabindex="0"]').focus()
    await page.keyboard.press('End')
    await page.locator('[data-position="4999"]:focus').waitFor()
    await page.locator('[data-position="4999"][aria-label^="trouser, train"]').waitFor()
    expect(await grid.getByRole('gridcell').count()).toBeLessThan(400)
    await page.keyboard.press(' ')
    await page.getByRole('button', { name: 'Edit with 1 chosen image' }).waitFor()
    const duplicates = page.getByRole('checkbox', { name: 'Only duplicates' })
    await duplicates.click()
    await page.waitForURL('**split=train&duplicates=1')
    await expect(duplicates).toBeChecked()
    await duplicates.click()
    await expect(duplicates).not.toBeChecked()
    const scrollToEnd = () =>
      grid.evaluate((frame) => {
        frame.scrollTo(0, frame.scrollHeight)
        return frame.scrollTop
      })
    // What is left of the duplicates, until all have come, ends sooner.
    await expect.poll(scrollToEnd).toBeGreaterThan(3_000)
    const last = page.locator('[data-position="4999"][aria-label^="trouser, train"]')
    await last.waitFor()
    await page.getByRole('link', { name: 'Runs' }).first().click()
    await page.waitForURL('**/runs')
    await page.goBack()
    await last.waitFor()
  })

  test('Back and a reload lead to where a list was read, with all of its pages', async ({ page }) => {
    await openPage(page, `${SEEDED}/runs/${RUN.labels}?tab=evaluation&images=wrong`)
    const pictures = page.getByRole('link', { name: /^Test \d+ in its dataset$/ })
    await page.getByRole('button', { name: 'Show more', exact: true }).click()
    await pictures.nth(47).scrollIntoViewIfNeeded()
    const readTop = () => page.locator('html').evaluate(({ scrollTop }) => Math.round(scrollTop))
    const top = await readTop()
    expect(top).toBeGreaterThan(500)
    await pictures.nth(47).click()
    await page.waitForURL('**/datasets/*')
    await page.getByRole('grid', { name: 'Grid of images' }).waitFor()
    await page.goBack()
    await expect.poll(readTop).toBe(top)
    expect(await pictures.count()).toBe(48)
    await page.reload()
    await expect.poll(readTop).toBe(top)
    expect(await pictures.count()).toBe(48)
  })

  test('tabs begin with a link past the menu', async ({ page }) => {
    await openPage(page, SEEDED)
    await page.keyboard.press('Tab')
    expect(await page.locator(':focus').textContent()).toBe('Skip to the page')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await page.locator(':focus').textContent()).toBe('Start a run')
  })

  test('the keyboard finds every page', async ({ page }) => {
    await openPage(page, SEEDED)
    await page.keyboard.press('Control+K')
    await page.getByRole('textbox', { name: 'Find anything by name' }).waitFor()
    await page.keyboard.type('Run 1')
    await page.getByText('Two who name clothes, succeeded').waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL(`**${SEEDED}/runs/1`)
    await page.getByRole('textbox', { name: 'Find anything by name' }).waitFor({ state: 'hidden' })
    await page.keyboard.press('g')
    await page.keyboard.press('m')
    await page.waitForURL(`**${SEEDED}/models`)
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
  })
})
