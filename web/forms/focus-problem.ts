/** After a form was sent and refused, the first field with a problem gets the focus, wherever it is. */

const PROBLEM = '[aria-invalid="true"]'
/** By then an answer of the server has come, or somebody does something else. */
const WATCHED_MS = 15_000
/** What opens for a field takes some frames to show it. */
const FRAMES = 30

/**
 * Watches every form of a document. What hides a field, such as a closed section, hears an `invalid` event at it first, and
 * shows it.
 * @returns a function that ends the watch
 */
export function focusProblems(document: Document): () => void {
  let endWatch = () => {}
  const onSubmit = ({ target }: Event) => {
    endWatch()
    if (target instanceof HTMLFormElement) endWatch = watch(target)
  }
  document.addEventListener('submit', onSubmit, true)
  document.addEventListener('invalid', onRefusedByBrowser, true)
  return () => {
    endWatch()
    document.removeEventListener('submit', onSubmit, true)
    document.removeEventListener('invalid', onRefusedByBrowser, true)
  }
}

function watch(form: HTMLFormElement): () => void {
  const look = () => {
    const field = form.querySelector<HTMLElement>(PROBLEM)
    if (!field) return
    end()
    field.dispatchEvent(new Event('invalid'))
    focusWhenShown(field)
  }
  const observer = new MutationObserver(look)
  observer.observe(form, { subtree: true, childList: true, attributeFilter: ['aria-invalid'] })
  // A field may have had the same problem before. By then those that are right again are no longer marked.
  const first = setTimeout(look, 100)
  const last = setTimeout(() => end(), WATCHED_MS)
  const end = () => {
    observer.disconnect()
    clearTimeout(first)
    clearTimeout(last)
    for (const type of ['keydown', 'pointerdown']) form.removeEventListener(type, end)
  }
  for (const type of ['keydown', 'pointerdown']) form.addEventListener(type, end)
  return end
}

/** The browser's own validation says nothing where it cannot focus the field: it is asked again once the field shows. */
function onRefusedByBrowser(event: Event): void {
  const { target: field, isTrusted } = event
  if (!isTrusted || !(field instanceof HTMLInputElement) || field.checkVisibility()) return
  event.preventDefault()
  focusWhenShown(field, () => field.reportValidity())
}

function focusWhenShown(field: HTMLElement, then = () => {}, frames = FRAMES): void {
  field.focus()
  if (field.ownerDocument.activeElement === field) then()
  else if (frames > 0) requestAnimationFrame(() => focusWhenShown(field, then, frames - 1))
}
