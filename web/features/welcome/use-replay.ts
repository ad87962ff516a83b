import { useEffect, useState } from 'react'

/** Long enough to follow each epoch. */
const LASTS_MS = 20_000
/** Often enough to look alive; each frame draws two charts. */
const FRAME_MS = 80

export interface Replay {
  /** From 0 to `steps`. */
  step: number
  isPlaying: boolean
  /** From where it stands, or from the start where it stands at the end. */
  play: () => void
  pause: () => void
  /** Pauses there. */
  moveTo: (step: number) => void
}

/** Goes through a run's steps by itself. Whoever wants less motion, or has no scripts, sees its end. */
export function useReplay(steps: number): Replay {
  const [step, setStep] = useState(steps)
  const [isPlaying, setPlaying] = useState(false)
  useEffect(() => {
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return
    setStep(0)
    setPlaying(true)
  }, [])
  useEffect(() => {
    if (!isPlaying) return
    const timer = setInterval(
      () => setStep((now) => Math.min(steps, now + (steps * FRAME_MS) / LASTS_MS)),
      FRAME_MS,
    )
    return () => clearInterval(timer)
  }, [isPlaying, steps])
  const isOver = step >= steps
  useEffect(() => {
    if (isOver && isPlaying) setPlaying(false)
  }, [isOver, isPlaying])
  return {
    step,
    isPlaying,
    play() {
      if (isOver) setStep(0)
      setPlaying(true)
    },
    pause: () => setPlaying(false),
    moveTo(to) {
      setPlaying(false)
      setStep(to)
    },
  }
}
