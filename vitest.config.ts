import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  // vitest would take graphql's module build and its dependents the other one: two copies that refuse each other.
  resolve: { alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }] },
  test: {
    globalSetup: 'test/build-programs.ts',
    include: ['test/**/*.test.ts'],
    // TensorFlow's native library lives once in a process and never unloads: every file gets a process of its own.
    pool: 'forks',
    maxWorkers: 2,
    // A machine that is busy with other things is slow, and not broken.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    env: { TF_CPP_MIN_LOG_LEVEL: '2' },
  },
})
