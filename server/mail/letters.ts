import { isTimeZone } from '../../contract/account/time-zone.ts'
import { NOTICE_MAILS_AN_HOUR } from '../../contract/limits.ts'

/** What a mail says, and until when it is worth anything. */
export interface Letter {
  subject: string
  text: string
  expiresAt: Date
}

const SIGNATURE = 'Studyhall'

/** That of whoever gets it, where they have chosen one. */
type TimeZone = string | null | undefined

/** Sent by the administrator to see whether mail arrives. */
export function writeTrial(publicOrigin: string, expiresAt: Date): Letter {
  const text = `This is a trial. Mail from ${publicOrigin} reaches you.`
  return { subject: 'A trial of Studyhall’s mail', text: signed(text), expiresAt }
}

/** To an address of a domain whose people may sign up. */
export function writeSignUp(url: string, expiresAt: Date): Letter {
  const text = signed(
    `Make your account here until ${inWords(expiresAt)}:`,
    url,
    'If you did not ask for this, do nothing: there is no account without this link.',
  )
  return { subject: 'Make your account', text, expiresAt }
}

/** In its place, to one that has an account. */
export function writeHasAccount(url: string, expiresAt: Date): Letter {
  const text = signed(
    'Somebody, perhaps you, wanted an account for this address. It has one: sign in here.',
    url,
  )
  return { subject: 'You have an account already', text, expiresAt }
}

export function writeReset(url: string, expiresAt: Date, timeZone?: TimeZone): Letter {
  const text = signed(
    `Choose a new password here until ${inWords(expiresAt, timeZone)}:`,
    url,
    'Every session of the account ends then. If you did not ask for this, do nothing: your password stays as it is.',
  )
  return { subject: 'Choose a new password', text, expiresAt }
}

export function writeAddressCheck(url: string, expiresAt: Date, timeZone?: TimeZone): Letter {
  const text = signed(
    `Open this until ${inWords(expiresAt, timeZone)}, in the browser in which you are signed in, to sign in with this address from then on:`,
    url,
  )
  return { subject: 'Is this your new e-mail address?', text, expiresAt }
}

/** To the address that an account is about to leave. */
export function writeAddressNotice(newEmail: string, expiresAt: Date): Letter {
  const text = signed(
    `Somebody who is signed in to your account wants it to have the address ${newEmail}.`,
    'If that is not you, choose another password on your account page now: every other session ends, and the link to the new address with them.',
  )
  return { subject: 'Your account is about to get another e-mail address', text, expiresAt }
}

const ROLES = { VIEWER: 'a viewer', MEMBER: 'a member', ADMIN: 'an admin', OWNER: 'an owner' }

interface InvitationFacts {
  team: string
  by: string
  role: keyof typeof ROLES
  url: string
  expiresAt: Date
  timeZone?: TimeZone
}

export function writeInvitation({ team, by, role, url, expiresAt, timeZone }: InvitationFacts): Letter {
  const text = signed(
    `${by} invites you to the team “${team}” as ${ROLES[role]}. Accept here until ${inWords(expiresAt, timeZone)}:`,
    url,
    'If you do not know them, do nothing: nobody joins without this link.',
  )
  return { subject: `${by} invites you to ${team}`, text, expiresAt }
}

interface TeamFacts {
  team: string
  by: string
  url: string
  expiresAt: Date
  timeZone?: TimeZone
}

export function writeTeamDeletion({ team, by, url, expiresAt, timeZone }: TeamFacts): Letter {
  const text = signed(
    `${by} has asked to delete the team “${team}” with all that it has: datasets, runs, models. That happens on ${inWords(expiresAt, timeZone)}.`,
    'Until then an owner can keep it here:',
    url,
  )
  return { subject: `${team} will be deleted`, text, expiresAt }
}

interface NoticeFacts {
  team: string
  title: string
  detail: string
  url: string
  /** Where whoever gets it chooses what they get. */
  choicesUrl: string
  /** Of those that a person gets in an hour. */
  isLast: boolean
  expiresAt: Date
}

const SUBJECT_LENGTH = 200

/** Tells of something that happened in a team. */
export function writeNotice({
  team,
  title,
  detail,
  url,
  choicesUrl,
  isLast,
  expiresAt,
}: NoticeFacts): Letter {
  const choices = `You choose what you are told by mail here: ${choicesUrl}`
  const limit = `This is the last of ${NOTICE_MAILS_AN_HOUR} such mails within an hour; what else happens is told in the page.`
  const text = signed(detail, url, ...(isLast ? [limit] : []), choices)
  return { subject: `${title} · ${team}`.slice(0, SUBJECT_LENGTH), text, expiresAt }
}

function inWords(time: Date, chosen?: TimeZone): string {
  // One that this machine does not know, as of another release of Node, keeps no mail from being sent.
  const timeZone = chosen && isTimeZone(chosen) ? chosen : null
  const style = { dateStyle: 'long', timeStyle: 'short', timeZone: timeZone ?? 'UTC' } as const
  const told = new Intl.DateTimeFormat('en-GB', style).format(time)
  return timeZone ? `${told} (${timeZone})` : `${told} UTC`
}

function signed(...paragraphs: string[]): string {
  return `${[...paragraphs, SIGNATURE].join('\n\n')}\n`
}
