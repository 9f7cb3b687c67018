import { parseArgs } from 'node:util'
import { Collector } from '../collector.ts'
import { readConfig } from '../config/config.ts'
import { openSink } from '../pipeline.ts'
import { createLogger } from '../telemetry/logger.ts'
import { type CommandContext, exitCodes } from './command.ts'

/** Takes in reports until a signal. */
export async function start({ args, env, misspelt, version }: CommandContext): Promise<number> {
  parseArgs({ args: [...args] })
  const config = readConfig(env)
  const logger = createLogger(config.telemetry)
  for (const name of misspelt) logger.warn({ name }, 'config.env sets an unknown variable')

  const collector = new Collector(config, version, await openSink(config, logger), logger)
  const signalled = new Promise<NodeJS.Signals>((resolve) => {
    const signals: NodeJS.Signals[] = ['SIGTERM', 'SIGINT']
    for (const signal of signals)
      process.once(signal, () => {
        for (const again of signals) process.on(again, () => process.exit(exitCodes.secondSignal))
        resolve(signal)
      })
  })
  logger.info({ version, sink: config.sink.sink, ackMode: config.http.ackMode }, 'starting')
  const started = collector.start()
  started.catch(() => undefined)
  try {
    const signal = await Promise.race([signalled, started.then(() => signalled)])
    logger.info({ signal }, 'shutting down')
  } catch (error) {
    logger.fatal({ err: error }, `cannot start: ${(error as Error).message}`)
    await collector.close()
    return exitCodes.failed
  }
  const undelivered = await collector.close()
  if (undelivered > 0) logger.error({ undelivered }, 'admitted reports were not delivered')
  else logger.info('everything admitted was delivered')
  return undelivered > 0 ? exitCodes.undelivered : exitCodes.ok
}
