import { type Command, InvalidArgumentError } from 'commander'
import { openTeam, type TeamClient } from '../api/open-team.ts'
import type { Surroundings } from '../surroundings.ts'

/** What a command does once its arguments are read; `json` where `--json` was given. */
export interface Context {
  surroundings: Surroundings
  /** Signs in by the key, when it is first asked for. */
  open: () => Promise<TeamClient>
  /** One line of JSON with `--json`; else the text. */
  result: (json: boolean | undefined, value: unknown, text: string) => void
}

export function createContext(surroundings: Surroundings): Context {
  return {
    surroundings,
    open: () => openTeam(surroundings),
    result: (json, value, text) => surroundings.print(json ? `${JSON.stringify(value)}\n` : text),
  }
}

/** Adds a group of commands to the program. */
export type Register = (program: Command, context: Context) => void

export const JSON_OPTION = ['--json', 'print JSON for programs, one line for each event or result'] as const

/** For commander, which names the option in front of the message. */
export function readInteger(least: number, most: number) {
  return (text: string): number => {
    const number = Number(text)
    if (/^\d+$/.test(text) && number >= least && number <= most) return number
    throw new InvalidArgumentError(`Write a whole number from ${least} to ${most}.`)
  }
}
