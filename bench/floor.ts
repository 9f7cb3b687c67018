import { fastify } from 'fastify'

/**
 * The floor: what the same framework does in one process when it reads a body and answers 200
 * with an empty one. No collector on it can be faster; how much slower is what it costs.
 */
const app = fastify({ logger: false })
app.removeAllContentTypeParsers()
app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
  done(null, body)
})
app.post('/collector', (_request, reply) => reply.send())

await app.listen({ host: '127.0.0.1', port: 0 })
process.stdout.write(JSON.stringify({ msg: 'floor is ready', device: app.addresses()[0] }) + '\n')
process.once('SIGTERM', () => {
  void app.close()
})
