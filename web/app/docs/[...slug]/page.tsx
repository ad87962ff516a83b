import '../../../features/docs/docs.css'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { DocMarkdown } from '../../../features/docs/doc-markdown.tsx'
import { DOC_PAGES, type DocPage } from '../../../features/docs/doc-pages.ts'
import { DocsFrame } from '../../../features/docs/docs-frame.tsx'
import { readDoc } from '../../../features/docs/read-doc.ts'

interface Props {
  params: Promise<{ slug: string[] }>
}

async function pageOf({ params }: Props): Promise<DocPage | undefined> {
  const slug = (await params).slug.join('/')
  return DOC_PAGES.find((page) => page.slug === slug)
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  return { title: (await pageOf(props))?.title ?? 'Documentation' }
}

export default async function Page(props: Props) {
  const page = await pageOf(props)
  if (!page) notFound()
  return (
    <DocsFrame slug={page.slug}>
      <DocMarkdown text={await readDoc(page)} file={page.file} />
    </DocsFrame>
  )
}
