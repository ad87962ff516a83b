/** What a mail says, and until when it is worth anything. */
export interface Letter {
  subject: string
  text: string
  expiresAt: Date
}

const SIGNATURE = 'Studyhall'

/** Sent by the administrator to see whether mail arrives. */
export function writeTrial(publicOrigin: string, expiresAt: Date): Letter {
  const text = `This is a trial. Mail from ${publicOrigin} reaches you.`
  return { subject: 'A trial of Studyhall’s mail', text: signed(text), expiresAt }
}

const ROLES = { VIEWER: 'a viewer', MEMBER: 'a member', ADMIN: 'an admin', OWNER: 'an owner' }

interface InvitationFacts {
  team: string
  by: string
  role: keyof typeof ROLES
  url: string
  expiresAt: Date
}

export function writeInvitation({ team, by, role, url, expiresAt }: InvitationFacts): Letter {
  const text = signed(
    `${by} invites you to the team “${team}” as ${ROLES[role]}. Accept here until ${inWords(expiresAt)}:`,
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
}

export function writeTeamDeletion({ team, by, url, expiresAt }: TeamFacts): Letter {
  const text = signed(
    `${by} has asked to delete the team “${team}” with all that it has: datasets, runs, models. That happens on ${inWords(expiresAt)}.`,
    'Until then an owner can keep it here:',
    url,
  )
  return { subject: `${team} will be deleted`, text, expiresAt }
}

const instant = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })

function inWords(time: Date): string {
  return `${instant.format(time)} UTC`
}

function signed(...paragraphs: string[]): string {
  return `${[...paragraphs, SIGNATURE].join('\n\n')}\n`
}
