import { setTimeout } from 'node:timers/promises'
import type { Span as OtelSpan } from '@opentelemetry/api'
import { type Context, context, propagation, ROOT_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import type { Attributes, Span, Tracing } from './tracing.ts'

/** A collector that answers nothing by then gets no more; a server has five seconds to stop. */
const LAST_SPANS_WITHIN_MS = 1_000

/** Loads OpenTelemetry, which reads its OTEL_* variables itself; sends spans as JSON over HTTP. */
export function startTracing(serviceName: string): Tracing {
  const named = resourceFromAttributes({ 'service.name': serviceName, 'process.pid': process.pid })
  const provider = new NodeTracerProvider({
    // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES are the last word.
    resource: defaultResource()
      .merge(named)
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  })
  provider.register()
  const tracer = provider.getTracer('studyhall')

  const noteIn = (parent: Context, name: string, attributes: Attributes, sinceMs = Date.now()) =>
    tracer.startSpan(name, { attributes, startTime: sinceMs }, parent).end()

  return {
    isWithinTrace: () => trace.getSpanContext(context.active()) !== undefined,
    span(name, attributes, traceparent, work) {
      const span = tracer.startSpan(name, { attributes }, parentOf(traceparent))
      const within = trace.setSpan(context.active(), span)
      const handle: Span = {
        set: (more) => void span.setAttributes(more),
        note: (...noted) => noteIn(within, ...noted),
      }
      return endWith(span, () => context.with(within, work, undefined, handle))
    },
    note: (...noted) => noteIn(context.active(), ...noted),
    traceparent() {
      const carrier: { traceparent?: string } = {}
      propagation.inject(context.active(), carrier)
      return carrier.traceparent
    },
    async close() {
      // Where nobody takes the last spans, they are lost, and that keeps nobody from ending.
      const sent = provider.shutdown().catch(() => {})
      await Promise.race([sent, setTimeout(LAST_SPANS_WITHIN_MS)])
      trace.disable()
      context.disable()
      propagation.disable()
    },
  }
}

function parentOf(traceparent: string | null | undefined): Context {
  if (traceparent === undefined) return context.active()
  return traceparent === null ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, { traceparent })
}

/** Ends the span when the work ends, well or not. */
function endWith<Result>(span: OtelSpan, work: () => Result): Result {
  const fail = (error: unknown): never => {
    // Its message may hold what somebody entered.
    span.setAttribute('error.type', error instanceof Error ? error.name : typeof error)
    span.setStatus({ code: SpanStatusCode.ERROR })
    span.end()
    throw error
  }
  let result: Result
  try {
    result = work()
  } catch (error) {
    return fail(error)
  }
  if (!(result instanceof Promise)) {
    span.end()
    return result
  }
  return result.then((value) => {
    span.end()
    return value
  }, fail) as Result
}
