import type { Blocker } from '../../../runs/turns.ts'

/** Explains to users why no worker can take a queued run, and what to do about it. */
export function describeBlocker(blocker: Blocker): string {
  switch (blocker.by) {
    case 'NO_WORKER':
      return 'No worker is there. Start one with `npm run worker`.'
    case 'DEVICE':
      return `It asks for a ${blocker.device}, and no worker that is there has one. Start one on a machine that has.`
    case 'LABEL': {
      const { label, device } = blocker
      const asked = device === null ? '' : ` and a ${device}`
      return `It asks for the label “${label}”${asked}, and no worker that is there bears it. Start one with WORKER_LABELS=${label}.`
    }
    case 'ENGINE_BUILD': {
      const { engineBuild, workerBuilds } = blocker
      return `Its checkpoint was made by the engine build ${engineBuild}, and the workers that are there have ${workerBuilds.join(', ')}. Start a worker of that build, or cancel the run and try it again from scratch.`
    }
    case 'TEAM_LIMIT':
      return `Workers hold ${blocker.heldRuns} runs of the team, as many as it may have at a time.`
    case 'BACKOFF':
      return `Its last attempt was lost; it is tried again in ${Math.ceil(blocker.seconds)} s.`
  }
}
