/** Traces by OpenTelemetry. Off, nothing of it is loaded, and what is traced is done as if it were not. */

export type Attributes = Record<string, string | number | boolean>

export interface Span {
  set(attributes: Attributes): void
  /** Something within it that ends now. @param sinceMs  when that began, in milliseconds since 1970; now if omitted */
  note(name: string, attributes: Attributes, sinceMs?: number): void
}

/** What OpenTelemetry does for it (opentelemetry.ts). */
export interface Tracing {
  isWithinTrace(): boolean
  /** @param traceparent  the span that it belongs to; the current one if undefined, and none if null */
  span<Result>(
    name: string,
    attributes: Attributes,
    traceparent: string | null | undefined,
    work: (span: Span) => Result,
  ): Result
  note(name: string, attributes: Attributes, sinceMs?: number): void
  traceparent(): string | undefined
  close(): Promise<void>
}

const UNTRACED: Span = { set: () => {}, note: () => {} }

let tracing: Tracing | null = null

/**
 * Traces what this process does from now on, if there is somewhere to send it to; to be called before anything else is
 * opened. OTEL_* variables choose what is sampled and how it is sent.
 * @param endpoint  OTEL_EXPORTER_OTLP_ENDPOINT
 * @returns what sends the rest, and ends it
 */
export async function openTracing(
  process: 'server' | 'worker',
  endpoint: string | undefined,
): Promise<() => Promise<void>> {
  if (!endpoint) return async () => {}
  const { startTracing } = await import('./opentelemetry.ts')
  const opened = startTracing(`studyhall-${process}`)
  tracing = opened
  return () => {
    tracing = null
    return opened.close()
  }
}

export function isTracing(): boolean {
  return tracing !== null
}

/** Does something as a part of the trace that this belongs to; what belongs to none is not traced. */
export function traced<Result>(name: string, attributes: Attributes, work: (span: Span) => Result): Result {
  return tracing?.isWithinTrace() ? tracing.span(name, attributes, undefined, work) : work(UNTRACED)
}

/** Does something as a part of another process's span, or as the beginning of a trace. */
export function continueTrace<Result>(
  traceparent: string | null | undefined,
  name: string,
  attributes: Attributes,
  work: (span: Span) => Result,
): Result {
  return tracing ? tracing.span(name, attributes, traceparent ?? null, work) : work(UNTRACED)
}

/** Notes something that ends now as a part of the current span. */
export function noteSpan(name: string, attributes: Attributes, sinceMs?: number): void {
  if (tracing?.isWithinTrace()) tracing.note(name, attributes, sinceMs)
}

/** The current span in W3C's format, for whoever goes on with it; undefined where nothing is traced. */
export function currentTraceparent(): string | undefined {
  return tracing?.traceparent()
}
