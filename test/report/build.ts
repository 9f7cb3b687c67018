import type { Device } from '../../src/report/device.ts'
import type { Parameter, ParameterValue, Report } from '../../src/report/report.ts'
import type { Transfer } from '../../src/report/transfer.ts'

/** A CWMP device; only its serial number tells it from the others. */
export const buildDevice = (serialNumber = 'Y'): Device => ({
  oui: '00256D',
  productClass: 'Z',
  serialNumber,
  endpointId: '',
  key: `00256D-Z-${serialNumber}`,
})

/** A report as the normalizer would make it, with whatever a test cares about. */
export const buildReport = (given: Partial<Report> = {}): Report => ({
  id: 'report-1',
  device: buildDevice(),
  collectionTimeMs: Date.UTC(2013, 2, 29, 4, 52, 29),
  collectionTimeSource: 'report',
  receivedTimeMs: Date.UTC(2013, 2, 29, 4, 52, 30, 125),
  format: 'NameValuePair',
  parameters: buildParameters({ 'Device.DeviceInfo.UpTime': 42 }),
  attributes: {},
  ...given,
})

/** Several reports of one device, their ids numbered from 1. */
export const buildReports = (count: number, given: Partial<Report> = {}): Report[] =>
  Array.from({ length: count }, (_, index) =>
    buildReport({ ...given, id: `${given.id ?? 'report'}-${index + 1}` }),
  )

export const buildParameters = (values: Readonly<Record<string, ParameterValue>>): Parameter[] =>
  Object.entries(values).map(([name, value]) => ({ name, value, type: undefined }))

/** A transfer of one device's reports that counts so many bytes. */
export const buildTransfer = (
  reports: readonly Report[],
  sizeBytes = reports.length * 100,
  device = reports[0]?.device ?? buildDevice(),
): Transfer => ({ device, reports, sizeBytes })
