import { Text, Title } from '@mantine/core'
import { LinkButton } from '../../design/link-button.tsx'
import { Logo } from '../../design/logo.tsx'
import { LessonDrawing } from './lesson-drawing.tsx'

const steps = [
  ['Bring images', 'Drop a zip of labelled folders, or begin with the sample that comes with Studyhall.'],
  [
    'Build a cohort',
    'Two or more small networks. Each learns from the labels and from its peers’ predictions.',
  ],
  [
    'Watch and download',
    'Loss and accuracy move as they train. Then download one student, or all as an ensemble.',
  ],
] as const

/** What Studyhall is, in one short page. */
export function LandingPage() {
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="mx-auto flex w-full max-w-[1040px] items-center justify-between px-6 py-5">
        <span className="flex items-center gap-2 font-semibold">
          <Logo /> Studyhall
        </span>
        <LinkButton href="/sign-in" variant="default">
          Sign in
        </LinkButton>
      </header>
      <main className="mx-auto flex w-full max-w-[1040px] flex-1 flex-col justify-center gap-16 px-6 py-12">
        <div className="grid items-center gap-12 md:grid-cols-[1.15fr_1fr]">
          <div>
            <Title order={1} className="!text-4xl !leading-[1.12] tracking-tight sm:!text-5xl">
              Small networks that teach each other
            </Title>
            <Text c="dimmed" size="lg" mt="md" maw={480}>
              Studyhall trains a cohort of compact image classifiers together by deep mutual learning. No
              large teacher needed.
            </Text>
            <div className="mt-7 flex flex-wrap gap-3">
              <LinkButton href="/sign-up" size="md">
                Create account
              </LinkButton>
              <LinkButton href="/sign-in" size="md" variant="default">
                Sign in
              </LinkButton>
            </div>
          </div>
          <LessonDrawing />
        </div>
        <ol className="m-0 grid list-none gap-x-8 gap-y-6 border-0 border-t border-solid border-[var(--line)] p-0 pt-8 sm:grid-cols-3">
          {steps.map(([title, text], index) => (
            <li key={title}>
              <Text size="sm" c="dimmed" className="numbers">
                {index + 1}
              </Text>
              <Text fw={600} mt={2}>
                {title}
              </Text>
              <Text size="sm" c="dimmed" mt={4}>
                {text}
              </Text>
            </li>
          ))}
        </ol>
      </main>
    </div>
  )
}
