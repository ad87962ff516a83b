import { Text, Title } from '@mantine/core'
import Link from 'next/link'
import { LinkButton } from '../../design/link-button.tsx'
import { Logo } from '../../design/logo.tsx'
import { FirstLinesPanel } from './first-lines-panel.tsx'
import { MeasuredResult } from './measured-result.tsx'
import { RunReplay } from './run-replay.tsx'

const steps = [
  ['Bring images', 'A zip of labelled folders, or the sample that comes with Studyhall.'],
  [
    'Build a cohort',
    'Two or more small networks. Each learns from the labels and from its peers’ predictions.',
  ],
  ['Watch and download', 'Follow every step live. Then take one student with you, or all as an ensemble.'],
] as const

const links = [
  ['Documentation', '/docs'],
  ['API', '/docs/api'],
  ['Changes', '/docs/changelog'],
] as const

/**
 * What Studyhall is, shown by itself: a run as it trains, what was measured, and how one begins.
 * @param origin  the address at which people reach the product
 */
export function LandingPage({ origin }: { origin: string }) {
  return (
    <div className="mx-auto w-full max-w-[1120px] px-4 sm:px-8">
      <header className="flex items-center justify-between py-4">
        <span className="flex items-center gap-2 font-semibold">
          <Logo /> Studyhall
        </span>
        <Link
          href="/sign-in"
          className="inline-flex min-h-9 items-center text-sm text-inherit no-underline hover:underline"
        >
          Sign in
        </Link>
      </header>
      <main className="flex flex-col gap-16 pt-10 pb-14 sm:gap-20 sm:pt-16">
        <div>
          <Title order={1} className="!text-4xl !leading-[1.1] tracking-tight text-balance sm:!text-5xl">
            Small networks that teach each other
          </Title>
          <Text c="dimmed" size="lg" mt="md" maw={620}>
            Studyhall trains compact image classifiers together. Each learns from the labels and from what the
            others predict, by deep mutual learning; no large teacher is needed.
          </Text>
          <div className="mt-7 flex flex-wrap gap-3">
            <LinkButton href="/sign-up" size="md">
              Start your cohort
            </LinkButton>
            <LinkButton href="/docs" size="md" variant="default">
              Read the docs
            </LinkButton>
          </div>
          <div className="mt-10">
            <RunReplay />
          </div>
        </div>
        <MeasuredResult />
        <section aria-labelledby="begin">
          <Title order={2} id="begin" className="!text-2xl">
            Three steps, or three lines
          </Title>
          <ol className="mt-5 mb-6 grid list-none gap-x-8 gap-y-5 p-0 sm:grid-cols-3">
            {steps.map(([title, text], index) => (
              <li key={title}>
                <Text fw={600}>
                  <span className="numbers text-[var(--mantine-color-dimmed)]">{index + 1}</span> {title}
                </Text>
                <Text size="sm" c="dimmed" mt={4}>
                  {text}
                </Text>
              </li>
            ))}
          </ol>
          <FirstLinesPanel origin={origin} />
        </section>
      </main>
      <footer className="flex flex-wrap items-center gap-x-6 gap-y-1 border-t border-[var(--line)] py-5 text-sm">
        <span className="text-[var(--mantine-color-dimmed)]">Studyhall, MIT licence</span>
        {links.map(([label, href]) => (
          <Link
            key={href}
            href={href}
            className="inline-flex min-h-6 items-center text-inherit no-underline hover:underline"
            prefetch={false}
          >
            {label}
          </Link>
        ))}
      </footer>
    </div>
  )
}
