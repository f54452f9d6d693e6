/** OpenTelemetry: a span for each request where an SDK is preloaded into the process; elsewhere nothing is done. */
import { context, ProxyTracerProvider, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { whenEnded } from '../../ended.js';

/**
 * Opens a span for every request, as a part of its caller's trace, and makes it the active one while it is answered.
 * The SDK must be preloaded.
 */
export function registerTraces(app: FastifyInstance): void {
  if (!hasSdk()) return;
  const tracer = trace.getTracer('xiangbao');
  app.addHook('onRequest', (request, reply, done) => {
    const caller = propagation.extract(context.active(), request.headers);
    const span = tracer.startSpan(
      nameOf(request),
      { kind: SpanKind.SERVER, attributes: attributesOf(request) },
      caller,
    );
    if (!span.isRecording()) return done();
    whenEnded(reply.raw, (status) => {
      if (status === undefined) span.setAttribute('error.type', 'broken off');
      else span.setAttribute('http.response.status_code', status);
      if (status !== undefined && status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    });
    return context.with(trace.setSpan(caller, span), done);
  });
}

function hasSdk(): boolean {
  const provider = trace.getTracerProvider();
  return !(provider instanceof ProxyTracerProvider) || provider.getDelegateTracer('xiangbao') !== undefined;
}

/** Few names for many requests: of the route, not of the path. */
function nameOf({ method, routeOptions: { url } }: FastifyRequest): string {
  return url === undefined ? method : `${method} ${url}`;
}

/** By the semantic conventions of HTTP; the query is left out, since it may hold what nobody should see. */
function attributesOf(request: FastifyRequest): Record<string, string> {
  const { method, protocol, routeOptions, id, url } = request;
  return {
    'http.request.method': method,
    'url.path': url.split('?')[0] ?? '',
    'url.scheme': protocol,
    'xiangbao.request_id': id,
    ...(routeOptions.url === undefined ? {} : { 'http.route': routeOptions.url }),
  };
}
