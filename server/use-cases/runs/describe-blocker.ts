import type { Blocker } from '../../../runs/turns.ts'

/** Explains to users why no worker can take a queued run, and what to do about it. */
export function describeBlocker(blocker: Blocker): string {
  switch (blocker.by) {
    case 'NO_WORKER':
      return 'No worker takes runs: none is running, or those that are have been drained. Start one with `npm run worker`, or resume one on the page Workers.'
    case 'DEVICE':
      return `It asks for a ${blocker.device}, and no running worker has one. Start a worker on a machine with a ${blocker.device}.`
    case 'LABEL': {
      const { label, device } = blocker
      const andDevice = device === null ? '' : ` and a ${device}`
      return `It asks for the label “${label}”${andDevice}, and no running worker has it. Start one with WORKER_LABELS=${label}.`
    }
    case 'ENGINE_BUILD': {
      const { engineBuild, workerBuilds } = blocker
      return `Its checkpoint was made by the engine build ${engineBuild}, but the running workers have ${workerBuilds.join(', ')}. Start a worker of that build, or cancel the run and retry it from scratch.`
    }
    case 'TEAM_LIMIT':
      return `Workers hold ${blocker.heldRuns} runs of the team, as many as its limit allows.`
    case 'DEVICE_HOURS':
      return 'The team has used up its device hours of this month. It goes on when the next one begins, or when whoever administers this instance gives the team more.'
    case 'BACKOFF':
      return `Its last attempt was lost; it is tried again in ${Math.ceil(blocker.seconds)} s.`
  }
}
