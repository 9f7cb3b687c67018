import type { Parameter, ParameterValue, Report } from './report.ts'

/**
 * The canonical event: one JSON object per report, the same on every sink that carries JSON.
 * Written by hand because 64-bit integers must stay exact numerals, and because a parameter
 * named `__proto__` is a parameter like any other.
 */
export function encodeEvent(report: Report): string {
  const { device } = report
  return (
    `{"CollectionTime":"${collectionTime(report.collectionTimeMs)}"` +
    `,"OUI":${quote(device.oui)}` +
    `,"ProductClass":${quote(device.productClass)}` +
    `,"SerialNumber":${quote(device.serialNumber)}` +
    `,"Parameters":${encodeParameters(report.parameters)}` +
    `,"EndpointID":${quote(device.endpointId)}` +
    `,"Id":${quote(report.id)}` +
    `,"ReceivedTime":"${receivedTime(report.receivedTimeMs)}"` +
    `,"CollectionTimeSource":"${report.collectionTimeSource}"` +
    `,"Format":"${report.format}"` +
    `,"Attributes":${JSON.stringify(report.attributes)}}`
  )
}

function encodeParameters(parameters: readonly Parameter[]): string {
  let text = '{'
  let separator = ''
  for (const { name, value } of parameters) {
    text += `${separator}${quote(name)}:${encodeValue(value)}`
    separator = ','
  }
  return text + '}'
}

const encodeValue = (value: ParameterValue) =>
  typeof value === 'string' ? quote(value) : String(value)

const needsNoEscape = /^[ !#-[\]-~]*$/

const quote = (text: string) => (needsNoEscape.test(text) ? `"${text}"` : JSON.stringify(text))

/** Remembers the last one: what comes in together has most often the same time. */
function createTimestamp(): (milliseconds: number) => string {
  let last = NaN
  let text = ''
  return (milliseconds) => {
    if (milliseconds !== last) {
      text = new Date(milliseconds).toISOString()
      last = milliseconds
    }
    return text
  }
}

const collectionTime = createTimestamp()
const receivedTime = createTimestamp()
