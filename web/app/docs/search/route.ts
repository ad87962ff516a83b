import { DOC_PAGES } from '../../../features/docs/doc-pages.ts'
import { sectionsOf } from '../../../features/docs/doc-sections.ts'
import { readDoc } from '../../../features/docs/read-doc.ts'

/** Every part of every page, for the search in the browser. */
export async function GET(): Promise<Response> {
  const pages = await Promise.all(DOC_PAGES.map(async (page) => sectionsOf(await readDoc(page), page)))
  return Response.json(pages.flat())
}
