import { randomUUID } from 'node:crypto'
import { type FastifyError, type FastifyInstance, type FastifyRequest, fastify } from 'fastify'
import { TransferError } from '../errors.ts'
import type { Upload } from '../report/transfer.ts'
import { type ClientAddress, clientAddress } from './client-address.ts'
import { clientErrorHandler } from './client-error.ts'
import type { HttpConfig } from './config.ts'
import { originForm } from '../normalize/target.ts'
import { type ReceiveContext, receive } from './receive.ts'
import { type Outcome, failureOutcome, outcomes, sendAnswer } from './reply.ts'

declare module 'fastify' {
  interface FastifyRequest {
    contentType: string | undefined
  }
}

/** How often Node looks for connections that are past their timeouts. */
const timeoutCheckMs = 2_000
/** Where the router finds the transfers route, whatever the operator calls its path. */
const transfersRoute = '/transfers'
const emptyBody = Buffer.alloc(0)

/** The device port: agents POST or PUT their reports to it. */
export function createDeviceServer(config: HttpConfig, context: ReceiveContext): FastifyInstance {
  const { logger, metrics, sampler } = context
  const addressOf = clientAddress(config.trustProxy, config.trustProxyHeader)
  const isOurs = pathMatcher(config.collectorPath)
  const start = randomUUID().slice(0, 8)
  let requests = 0
  let closing = false

  const app = fastify({
    logger: false,
    bodyLimit: config.bodyLimitBytes,
    requestTimeout: config.requestTimeoutMs,
    keepAliveTimeout: config.keepAliveTimeoutMs,
    http: {
      headersTimeout: Math.min(config.headersTimeoutMs, config.requestTimeoutMs),
      maxHeaderSize: config.headerLimitBytes,
      connectionsCheckingInterval: timeoutCheckMs,
      requireHostHeader: false,
    },
    return503OnClosing: false,
    genReqId: () => `${start}-${(requests += 1)}`,
    rewriteUrl: ({ url }) => (isOurs(originForm(url ?? '')) ? transfersRoute : '/'),
    clientErrorHandler: clientErrorHandler(metrics),
  })

  const counters = new Map(
    outcomes.map((outcome) => [outcome, metrics.transfers.labels(outcome)] as const),
  )
  const answer = (
    reply: Parameters<typeof sendAnswer>[0],
    outcome: Outcome,
    error?: unknown,
  ): ReturnType<typeof sendAnswer> => {
    counters.get(outcome)?.inc()
    if (closing) reply.header('connection', 'close')
    return sendAnswer(reply, outcome, config.successStatus, error)
  }

  const tellBug = (err: unknown, reqId: string): void => {
    const sampled = sampler.admit('bug')
    if (sampled !== undefined) logger.error({ reqId, err, ...sampled }, 'request failed')
  }

  app.server.on('checkExpectation', (request, response) => {
    app.server.emit('request', request, response)
  })
  app.server.on('connect', (_request, socket) => {
    counters.get('method-not-allowed')?.inc()
    // Node has let go of this socket: nobody else hears its errors or closes it.
    socket.on('error', () => socket.destroy())
    const answer =
      'HTTP/1.1 405 Method Not Allowed\r\nAllow: POST, PUT\r\nConnection: close\r\n\r\n'
    socket.end(answer, () => socket.destroy())
  })

  // Fastify answers 415 to a Content-Type that it cannot parse: ours is only a hint, so it is
  // put aside until the body has been read.
  app.decorateRequest('contentType')
  app.addHook('onRequest', (request, _reply, done) => {
    request.contentType = request.raw.headers['content-type']
    request.raw.headers['content-type'] = undefined
    done()
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body)
  })
  app.addHook('onResponse', (_request, reply, done) => {
    metrics.requestDuration.observe(reply.elapsedTime / 1000)
    done()
  })
  app.addHook('preClose', (done) => {
    closing = true
    done()
  })

  app.route({
    method: ['POST', 'PUT'],
    url: transfersRoute,
    handler: async (request, reply) => {
      try {
        return await answer(reply, await receive(uploadOf(request, addressOf), request.id, context))
      } catch (error) {
        const outcome = failureOutcome(error)
        if (outcome === 'error') tellBug(error, request.id)
        return await answer(reply, outcome, error)
      }
    },
  })
  app.setNotFoundHandler((request, reply) =>
    answer(reply, request.url === transfersRoute ? 'method-not-allowed' : 'not-found'),
  )
  app.setErrorHandler((error: FastifyError, request, reply) => {
    // Of QUERY, a method that needs it, Fastify misses the Content-Type that was put aside.
    if (error.code === 'FST_ERR_ROUTE_MISSING_CONTENT_TYPE')
      return answer(reply, 'method-not-allowed')
    const known = readError(error, config.bodyLimitBytes)
    if (known === undefined) tellBug(error, request.id)
    return answer(reply, failureOutcome(known), known)
  })
  return app
}

/** `/c`, `/c/…`, `/c?…` and iopsys' `/c&…`, for the path `/c`. */
function pathMatcher(path: string): (target: string) => boolean {
  if (path === '/') return () => true
  return (target) =>
    target.startsWith(path) &&
    (target.length === path.length || '/?&'.includes(target.charAt(path.length)))
}

function uploadOf(request: FastifyRequest, addressOf: ClientAddress): Upload {
  // Of all headers only Set-Cookie, which no request has, would be a list.
  const headers = request.raw.headers as Record<string, string | undefined>
  if (request.contentType !== undefined) headers['content-type'] = request.contentType
  return {
    method: request.method,
    target: request.originalUrl,
    headers,
    body: (request.body as Buffer | undefined) ?? emptyBody,
    receivedTimeMs: Date.now(),
    remoteAddress: addressOf(request.socket.remoteAddress ?? '', headers),
  }
}

/** What went wrong while Fastify read the body; undefined: a bug. */
function readError(error: FastifyError, limitBytes: number): TransferError | undefined {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new TransferError('BDC_BODY_TOO_LARGE', `the body has more than ${limitBytes} bytes`)
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'ECONNRESET':
      return new TransferError('BDC_BODY_INCOMPLETE', 'the body ended early', { cause: error })
    default:
      return undefined
  }
}
