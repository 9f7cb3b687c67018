import {
  type ConfigOf,
  bytes,
  duration,
  integer,
  list,
  oneOf,
  port,
  text,
  urlPath,
} from '../settings.ts'

export const httpSettings = {
  HOST: text({ default: '0.0.0.0', doc: 'Address of the device port' }),
  PORT: port({ default: '8088', doc: 'Device port: agents post their reports to it' }),
  COLLECTOR_PATH: urlPath({
    default: '/collector',
    doc: 'Reports are taken on this path and anything below it',
  }),
  TRUST_PROXY: list(/^[0-9a-fA-F.:]+(?:\/\d{1,3})?$/, {
    allowed: 'addresses and networks, such as 10.0.0.0/8, ::1',
    doc: 'Proxies in front, which tell the address of the device in a header',
  }),
  TRUST_PROXY_HEADER: oneOf(['x-forwarded-for', 'forwarded'], {
    default: 'x-forwarded-for',
    doc: 'The header that these proxies write',
  }),
  ADMIN_HOST: text({ default: '127.0.0.1', doc: 'Address of the admin port' }),
  ADMIN_PORT: port({ default: '9464', doc: 'Admin port: /metrics, /livez, /readyz' }),
  ACK_MODE: oneOf(['delivered', 'queued'], {
    default: 'delivered',
    doc: 'A report is answered 200 when the sink has acknowledged it, or already when it is queued',
  }),
  ACK_DEADLINE_MS: duration({
    default: '20s',
    min: 1,
    max: 300_000,
    doc: 'Longest wait for the acknowledgement, then 503; agents give up after 30 s to 60 s',
  }),
  SUCCESS_STATUS: integer({
    default: '200',
    min: 200,
    max: 299,
    doc: 'Status of success; only 200 is understood by every known agent',
  }),
  BODY_LIMIT_BYTES: bytes({ default: '4MiB', min: 1, doc: 'Largest body as sent' }),
  HEADER_LIMIT_BYTES: bytes({
    default: '16KiB',
    min: 1_024,
    max: 1_048_576,
    doc: 'Largest request line and headers together',
  }),
  HEADERS_TIMEOUT_MS: duration({
    default: '20s',
    min: 100,
    doc: 'Time for a request to send its headers',
  }),
  REQUEST_TIMEOUT_MS: duration({
    default: '120s',
    min: 100,
    doc: 'Time for a request to arrive whole; the uplinks of some homes are slow',
  }),
  KEEP_ALIVE_TIMEOUT_MS: duration({
    default: '5s',
    doc: 'Time an idle connection is kept; longer than that of a load balancer in front',
  }),
}

export type HttpConfig = ConfigOf<typeof httpSettings>
