import { fileURLToPath } from 'node:url'
import { configDefaults, defineConfig } from 'vitest/config'

/** Tests of plain functions: no database, no TensorFlow, no browser, and no process but their own. */
const UNIT = [
  'test/contract/**/*.test.ts',
  'test/web/**/!(try-*).test.ts',
  'test/cli/verify/*.test.ts',
  'test/cli/read-fork.test.ts',
  'test/deploy/*.test.ts',
  'test/experiments/*.test.ts',
  'test/runs/one-owner.test.ts',
  'test/scripts/{bench-card,check-machine,doctor,count,documented-commands,documents,env-example,named-files,package-lock,setup-lock,stamps,steps}.test.ts',
  'test/server/models/evaluation.test.ts',
  'test/server/push/*.test.ts',
  'test/server/webhooks/{public-address,post-outward}.test.ts',
  'test/workers/{classify-line,training-environment}.test.ts',
  'test/workers/devices/*.test.ts',
  'test/workers/engine/batches/distant-shards.test.ts',
  'test/workers/engine/evaluation/evaluation.test.ts',
  'test/workers/engine/explain/measures.test.ts',
  'test/workers/engine/exports/int8/*.test.ts',
  'test/workers/engine/steps-per-call.test.ts',
]

/** Tests that load server or readers and no TensorFlow: each has a database or folders of its own, and nothing else. */
const SHARED = [
  'test/{front,prisma,runs,server,storage}/**/*.test.ts',
  'test/scripts/{postgres-server,query,sizes,supervise,worker-command}.test.ts',
  'test/workers/{collect-leftovers,run-failure,import-jobs,jobs}.test.ts',
  'test/cli/studyhall/*.test.ts',
  'test/clients/*.test.ts',
  'test/workers/datasets/**/*.test.ts',
]

/**
 * Tests in which the kernel kills for want of memory. Whatever else is killed within seconds of that is taken for the same
 * (workers/training/out-of-memory.ts), so they come when nothing else runs.
 */
const MEMORY_KILLS = ['test/workers/out-of-memory.test.ts', 'test/faults/no-room.test.ts']

/**
 * Tests of the engine in their own process. TensorFlow's native library lives once in a process and never unloads: they
 * load it once, and leave no tensor of theirs that another counts.
 */
const ENGINE = ['test/workers/engine/**/*.test.ts']

/** Tests of the pages' components, in a document without a browser. */
const COMPONENTS = ['test/web/**/*.test.tsx']

export default defineConfig({
  // vitest would take graphql's module build and its dependents the other one: two copies that refuse each other.
  resolve: { alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }] },
  test: {
    // Of two cores: many tests wait for processes more than they compute.
    maxWorkers: 3,
    // A machine that is busy with other things is slow, and not broken.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 20_000 } },
    env: { TF_CPP_MIN_LOG_LEVEL: '2' },
    projects: [
      // In one process, which loads what they share once.
      { extends: true, test: { name: 'unit', include: UNIT, pool: 'threads', isolate: false } },
      {
        extends: true,
        test: {
          name: 'components',
          include: COMPONENTS,
          environment: 'happy-dom',
          setupFiles: 'test/web/setup-dom.ts',
          pool: 'threads',
          isolate: false,
        },
      },
      // One file after the other in the same processes, which load what they share once: it takes longer than most tests.
      {
        extends: true,
        test: {
          name: 'shared',
          include: SHARED,
          exclude: [...configDefaults.exclude, ...UNIT],
          globalSetup: 'test/build-programs.ts',
          pool: 'forks',
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'engine',
          include: ENGINE,
          exclude: [...configDefaults.exclude, ...UNIT],
          globalSetup: 'test/build-programs.ts',
          pool: 'forks',
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...UNIT, ...SHARED, ...ENGINE, ...MEMORY_KILLS],
          globalSetup: 'test/build-programs.ts',
          // They end workers and databases, and change what a process is: every file gets one of its own.
          pool: 'forks',
        },
      },
      {
        extends: true,
        test: {
          name: 'memory kills',
          include: MEMORY_KILLS,
          globalSetup: 'test/build-programs.ts',
          pool: 'forks',
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
