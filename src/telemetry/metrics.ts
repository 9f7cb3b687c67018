import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client'
import { Latency } from './latency.ts'

/** prom-client's own gauges that end in _total, which Prometheus reserves for counters. */
const misnamed = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
]

export type Metrics = ReturnType<typeof createMetrics>

/** Every metric of the program, on a registry of its own. */
export function createMetrics(version: string) {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  for (const name of misnamed) registry.removeSingleMetric(name)

  new Gauge({
    name: 'bdc_build_info',
    help: 'Always 1; the labels say what is running.',
    labelNames: ['version', 'node'],
    registers,
  }).set({ version, node: process.version }, 1)

  return {
    registry,
    transfers: new Counter({
      name: 'bdc_transfers_total',
      help: 'HTTP requests to the device port, by what became of them.',
      labelNames: ['outcome'],
      registers,
    }),
    reportsReceived: new Counter({
      name: 'bdc_reports_received_total',
      help: 'Reports understood, by report format.',
      labelNames: ['format'],
      registers,
    }),
    deviations: new Counter({
      name: 'bdc_deviations_total',
      help: 'Uploads that depart from the standard in some way, by code; see bdc explain.',
      labelNames: ['code'],
      registers,
    }),
    requestDuration: new Latency(registry, {
      name: 'bdc_request_duration_seconds',
      help: "From a request's headers to the end of its answer.",
    }),
    ackDuration: new Latency(registry, {
      name: 'bdc_ack_duration_seconds',
      help: 'From the admission of a transfer until all its reports were safe.',
    }),
    queueReports: new Gauge({
      name: 'bdc_partition_queue_reports',
      help: 'Reports admitted and not yet settled, by partition.',
      labelNames: ['partition'],
      registers,
    }),
    queueBytes: new Gauge({
      name: 'bdc_partition_queue_bytes',
      help: 'Estimated memory of the reports admitted and not yet settled, by partition.',
      labelNames: ['partition'],
      registers,
    }),
    batches: new Counter({
      name: 'bdc_partition_batches_total',
      help: 'Batches that the sink acknowledged at least in part, by partition.',
      labelNames: ['partition'],
      registers,
    }),
    reports: new Counter({
      name: 'bdc_partition_reports_total',
      help: 'Reports that the sink acknowledged, by partition.',
      labelNames: ['partition'],
      registers,
    }),
    sinkWriteDuration: new Latency(registry, {
      name: 'bdc_sink_write_duration_seconds',
      help: 'One write of a batch to the sink, failed ones too.',
    }),
    sinkRetries: new Counter({
      name: 'bdc_sink_retries_total',
      help: 'Batches written again, by the code of the failure.',
      labelNames: ['reason'],
      registers,
    }),
    sinkUp: new Gauge({
      name: 'bdc_sink_up',
      help: '1 while the sink is connected and takes batches, 0 otherwise.',
      registers,
    }),
    quarantined: new Counter({
      name: 'bdc_quarantined_total',
      help: 'Uploads kept in the quarantine because they could not be understood, by code.',
      labelNames: ['code'],
      registers,
    }),
    deadLettered: new Counter({
      name: 'bdc_dead_lettered_total',
      help: 'Reports kept as dead letters because the sink can never take them, by code.',
      labelNames: ['code'],
      registers,
    }),
    clientErrors: new Counter({
      name: 'bdc_client_errors_total',
      help: 'Requests that the HTTP parser refused before any handler saw them, by code.',
      labelNames: ['code'],
      registers,
    }),
  }
}
