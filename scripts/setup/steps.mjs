// Runs the set-up's steps, each as soon as its dependencies are done, and shows progress: a live line per
// running step on a terminal, plain lines otherwise.
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const FRAME_MS = 100
const TITLE_WIDTH = 34

/**
 * A step is `{name, title, needs, isCurrent(), run({signal, tell})}`. `isCurrent` returns whether it is up to
 * date; `tell(text)` shows a detail beside the running step; a string returned by `run` is shown when it is
 * done. If a step fails, steps that do not depend on it still finish, so that the next set-up has less to do;
 * then its error is thrown. Returns how many steps were run.
 */
export async function runSteps(steps, { signal, display }) {
  const results = new Map()
  for (const step of steps) {
    // Steps are listed in dependency order, so a step's dependencies are already in `results`.
    const needed = (step.needs ?? []).map((name) => results.get(name))
    results.set(step.name, runAfter(needed, step, { signal, display }))
  }
  const outcomes = await Promise.all(results.values())
  display.close()
  signal.throwIfAborted()
  const failed = outcomes.find(({ error }) => error !== undefined)
  if (failed) throw failed.error
  return outcomes.filter(({ isDone }) => isDone).length
}

async function runAfter(needed, step, options) {
  const before = await Promise.all(needed)
  if (options.signal.aborted || before.some(({ isUsable }) => !isUsable)) return { isUsable: false }
  try {
    return { isUsable: true, isDone: await runStep(step, options) }
  } catch (error) {
    return { isUsable: false, error }
  }
}

/** Returns whether the step was run. */
async function runStep(step, { signal, display }) {
  if (await step.isCurrent()) {
    display.current(step.title)
    return false
  }
  const line = display.begin(step.title)
  try {
    const outcome = await step.run({ signal, tell: line.tell })
    line.done(typeof outcome === 'string' ? outcome : '')
    return true
  } catch (error) {
    line.failed()
    throw error
  }
}

/** Displays progress. `isQuiet`: no line for steps that are up to date. */
export function createDisplay({ stream = process.stdout, isQuiet = false }) {
  const running = new Set()
  const isLive = stream.isTTY === true
  let frame = 0
  let drawnLines = 0
  const erase = () => {
    if (drawnLines > 0) stream.write(`\x1b[${drawnLines}A\x1b[0J`)
    drawnLines = 0
  }
  const draw = () => {
    if (!isLive) return
    erase()
    const width = (stream.columns || 80) - 1
    for (const step of running) {
      const text = `${FRAMES[frame % FRAMES.length]} ${step.title.padEnd(TITLE_WIDTH)} ${formatSeconds(step)}  ${step.detail}`
      stream.write(`${text.slice(0, width)}\n`)
    }
    drawnLines = running.size
  }
  const print = (text) => {
    erase()
    stream.write(`${text}\n`)
    draw()
  }
  const turn = () => {
    frame++
    draw()
  }
  const timer = isLive ? setInterval(turn, FRAME_MS).unref() : undefined

  function begin(title) {
    const step = { title, startedMs: performance.now(), detail: '' }
    running.add(step)
    if (isLive) draw()
    else print(`… ${title}`)
    const end = (mark, detail) => {
      running.delete(step)
      print(`${mark} ${title.padEnd(TITLE_WIDTH)} ${formatSeconds(step)}  ${detail}`.trimEnd())
    }
    return {
      tell: (detail) => {
        step.detail = detail
      },
      done: (detail) => end('✓', detail),
      failed: () => end('✗', ''),
    }
  }

  return {
    begin,
    print,
    current: (title) => {
      if (!isQuiet) print(`✓ ${title.padEnd(TITLE_WIDTH)} up to date`)
    },
    close: () => {
      clearInterval(timer)
      erase()
    },
  }
}

function formatSeconds({ startedMs }) {
  return `${((performance.now() - startedMs) / 1000).toFixed(1)} s`.padStart(8)
}
