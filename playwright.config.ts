import path from 'node:path'
import { defineConfig } from '@playwright/test'
import { findChromium } from './scripts/setup/install/install-chromium.mjs'
import { home } from './scripts/setup/settings.mjs'

const executablePath = findChromium()
if (!executablePath)
  throw new Error('There is no Chromium: `npm run test:journeys` installs it, or says how.')

// TensorFlow, which one journey asks for comparison, greets on stderr otherwise.
process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'

/** The journeys: a person's ways through the whole product in a real browser. Everything else is vitest's. */
export default defineConfig({
  testDir: 'test/journeys',
  testMatch: '*.spec.ts',
  globalSetup: './test/journeys/start-product.ts',
  // One product and one database: of a file's tests only those go side by side that leave both as they are.
  workers: 2,
  // A machine that is busy with other things, such as the other tests, is slow, and not broken.
  timeout: 180_000,
  expect: { timeout: 40_000 },
  forbidOnly: Boolean(process.env.CI),
  outputDir: path.join(home, 'journeys'),
  reporter: [['list'], ['json', { outputFile: path.join(home, 'journeys-report.json') }]],
  use: {
    colorScheme: 'light',
    actionTimeout: 60_000,
    // The page's DOM is recorded, its film is not: filming keeps the browser painting, which costs without a graphics card.
    trace: { mode: 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'first run', testMatch: 'first-run.spec.ts', timeout: 480_000 },
    { name: 'seed', testMatch: 'seed.spec.ts', timeout: 480_000 },
    { name: 'members', testMatch: ['members.spec.ts', 'account.spec.ts', 'webhooks.spec.ts'] },
    // By itself: it measures.
    {
      name: 'large bodies',
      testMatch: 'large-bodies.spec.ts',
      dependencies: ['first run', 'seed', 'members'],
    },
    // These look at what the others have left.
    {
      name: 'every page',
      testMatch: ['every-page.spec.ts', 'ways-around.spec.ts', 'sharing.spec.ts', 'running-run.spec.ts'],
      fullyParallel: true,
      // They leave everything as it is, so that a second look is the same look; `npm test` tells of each that needed it.
      retries: 1,
      dependencies: ['large bodies'],
    },
  ],
})
