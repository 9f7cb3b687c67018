import http from 'k6/http'
import { check } from 'k6'

/** One NameValuePair report per iteration, each of another device: k6 run k6/reports.js */
const url = __ENV.URL || 'http://127.0.0.1:8088/collector'

export const options = {
  scenarios: {
    reports: { executor: 'constant-arrival-rate', rate: 200, duration: '30s', preAllocatedVUs: 50 },
  },
  noConnectionReuse: true,
  thresholds: { checks: ['rate==1'], http_req_duration: ['p(99)<1000'] },
}

export default function () {
  const serial = `K6${String(__VU).padStart(5, '0')}${__ITER}`
  const report = {
    CollectionTime: Math.floor(Date.now() / 1000),
    'Device.DeviceInfo.UpTime': __ITER,
    'Device.IP.Interface.1.Stats.BytesSent': __ITER * 1500,
  }
  const answer = http.post(
    `${url}?oui=00256D&pc=k6&sn=${serial}`,
    JSON.stringify({ Report: [report] }),
    {
      headers: {
        'Content-Type': 'application/json; charset=UTF-8',
        'BBF-Report-Format': 'NameValuePair',
      },
    },
  )
  check(answer, { '200 with an empty body': ({ status, body }) => status === 200 && !body })
}
