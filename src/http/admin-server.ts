import { type FastifyInstance, fastify } from 'fastify'

const requestTimeoutMs = 10_000

/** What the admin port shows. */
export interface AdminViews {
  /** The metrics in Prometheus' text format. */
  readonly metrics: () => Promise<string>
  readonly metricsType: string
  /** Why reports should not be sent here just now; empty: ready. */
  readonly problems: () => readonly { readonly code: string; readonly message: string }[]
}

/** The admin port: for Prometheus, the orchestrator and the balancer, never for devices. */
export function createAdminServer(views: AdminViews): FastifyInstance {
  const app = fastify({ logger: false, requestTimeout: requestTimeoutMs })
  app.get('/metrics', async (_request, reply) =>
    reply.type(views.metricsType).send(await views.metrics()),
  )
  app.get('/livez', (_request, reply) => reply.send({ live: true }))
  app.get('/readyz', (_request, reply) => {
    const problems = views.problems()
    const ready = problems.length === 0
    return reply.code(ready ? 200 : 503).send({ ready, problems })
  })
  return app
}
