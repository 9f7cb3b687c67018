import { describe, expect, test } from 'vitest'
import { identify } from '../../src/normalize/identity.ts'
import { identityPath } from '../../src/normalize/identity-path.ts'
import { parseTarget } from '../../src/normalize/target.ts'
import { Deviations } from '../../src/report/deviation.ts'
import type { Parameter } from '../../src/report/report.ts'
import { buildUpload } from '../report/build-upload.ts'

const none = { oui: '', productClass: '', serialNumber: '', endpointId: '' }
const device = { ...none, oui: '00256D', productClass: 'Z', serialNumber: 'Y', key: '00256D-Z-Y' }

function identifyUpload(
  given: Parameters<typeof buildUpload>[0],
  paths: readonly string[] = [],
  parameters: readonly Parameter[] = [],
) {
  const met = new Deviations()
  const upload = buildUpload(given)
  const reports = [{ format: 'NameValuePair', collectionTime: undefined, parameters } as const]
  const target = parseTarget(upload.target, met)
  return { ...identify(upload, target, paths.map(identityPath), reports, met), met: [...met] }
}

describe('the query', () => {
  test.each([
    ['as the standard prints it', '/c?oui=00256D&pc=Z&sn=Y', device, {}, []],
    ['in any case', '/c?OUI=00256D&Pc=Z&SN=Y', device, {}, []],
    [
      'percent-encoded (obuspa)',
      '/c?oui=00256D&pc=USP%20Agent&sn=Y',
      { ...device, productClass: 'USP Agent', key: '00256D-USP Agent-Y' },
      {},
      [],
    ],
    [
      'a second ? (obuspa, RDK)',
      '/c?tenant=a?oui=00256D&pc=Z&sn=Y',
      device,
      { tenant: 'a' },
      ['target-second-question-mark'],
    ],
    [
      'no ? at all (iopsys)',
      '/c&oui=00256D&pc=Z&sn=Y&ct=2020-01-01T12:00:00+01:00',
      device,
      { ct: '2020-01-01T12:00:00+01:00' },
      ['target-no-question-mark'],
    ],
    [
      '& and then ?',
      '/c&ct=1?oui=00256D&pc=Z&sn=Y',
      device,
      { ct: '1' },
      ['target-no-question-mark'],
    ],
    [
      'a path as key (obuspa)',
      '/c?oui=00256D&pc=Z&sn=Y&Device.LocalAgent.UpTime=1',
      device,
      { 'Device.LocalAgent.UpTime': '1' },
      [],
    ],
    [
      'broken escapes',
      '/c?oui=00256D&pc=Z&sn=Y&a=%zz%41%e4',
      device,
      { a: '%zzA%e4' },
      ['target-bad-escape'],
    ],
    ['+ stands for itself', '/c?oui=00256D&pc=Z&sn=Y&a=b+c', device, { a: 'b+c' }, []],
    ['an empty value before the real one', '/c?oui=&oui=00256D&pc=Z&sn=Y', device, {}, []],
    ['a value with =', '/c?oui=00256D&pc=Z&sn=Y&a=b=c', device, { a: 'b=c' }, []],
    ['a key without a value', '/c?oui=00256D&pc=Z&sn=Y&flag', device, { flag: '' }, []],
    [
      'a key __proto__',
      '/c?oui=00256D&pc=Z&sn=Y&__proto__=x',
      device,
      JSON.parse('{"__proto__":"x"}') as object,
      [],
    ],
    [
      'a part of it (Casa)',
      '/c?oui=00256D',
      { ...none, oui: '00256D', key: '00256D--' },
      {},
      ['identity-partial'],
    ],
  ])('%s', (_form, target, expected, attributes, met) => {
    expect(identifyUpload({ target })).toMatchObject({ device: expected, attributes, met })
  })
})

describe('an EndpointID', () => {
  test.each([
    ['that shows nothing', 'os::000256:asdfa99384', {}],
    ['os: OUI and serial number', 'os::00256D-A-1', { oui: '00256D', serialNumber: 'A-1' }],
    [
      'ops: product class, too',
      'ops::00256D-My-Box-77',
      { oui: '00256D', productClass: 'My-Box', serialNumber: '77' },
    ],
    ['of another scheme', 'uuid::00256D-A', {}],
  ])('%s', (_form, endpointId, hints) => {
    const { device, met } = identifyUpload({ target: `/c?eid=${endpointId}` })
    expect(device).toEqual({ ...none, endpointId, key: endpointId, ...hints })
    expect(met).toEqual([])
  })

  test('beside oui, pc and sn does not change the key', () => {
    const { device: found } = identifyUpload({ target: '/c?eid=os::1&oui=00256D&pc=Z&sn=Y' })
    expect(found).toEqual({ ...device, endpointId: 'os::1' })
  })
})

describe('where the query does not tell', () => {
  test('the path does, by a template', () => {
    const target = '/t/acme/00256D/Z%20z/Y?x=1'
    const {
      device: found,
      attributes,
      sources,
    } = identifyUpload({ target }, ['/no', '/t/:tenant/:oui/:pc/:sn'])
    expect(found.key).toBe('00256D-Z z-Y')
    expect(attributes).toEqual({ tenant: 'acme', x: '1' })
    expect(sources).toEqual({ oui: 'path', productClass: 'path', serialNumber: 'path' })
  })

  test('the authenticated user does, in the form of CWMP', () => {
    const { device: found, met } = identifyUpload({ user: '00256D-My-Box-Y' })
    expect(found.key).toBe('00256D-My-Box-Y')
    expect(met).toEqual(['identity-not-in-query'])
    expect(identifyUpload({ user: 'acs' }).sources.key).toBe('address')
  })

  test('headers do (TP-Link)', () => {
    const headers = { oui: '00256D', pc: 'Z', sn: 'Y' }
    expect(identifyUpload({ headers }).device).toEqual(device)
  })

  test('DeviceInfo parameters do, of either root', () => {
    const parameters = [
      {
        name: 'InternetGatewayDevice.DeviceInfo.ManufacturerOUI',
        value: '00256D',
        type: undefined,
      },
      { name: 'Device.DeviceInfo.ProductClass', value: 'Z', type: undefined },
      { name: 'Device.DeviceInfo.SerialNumber', value: 'Y', type: undefined },
    ]
    expect(identifyUpload({}, [], parameters).device).toEqual(device)
    const { sources } = identifyUpload({ target: '/c?oui=00256D' }, [], parameters)
    expect(sources).toEqual({ oui: 'query', productClass: 'report', serialNumber: 'report' })
  })

  test('nothing at all: the address is the key, and is told', () => {
    const { device: found, attributes, met } = identifyUpload({ remoteAddress: '192.0.2.7' })
    expect(found).toEqual({ ...none, key: '192.0.2.7' })
    expect(attributes).toEqual({ bdc_source_address: '192.0.2.7', bdc_path: '/collector' })
    expect(met).toEqual(['identity-missing'])
  })
})

test('the query comes before all others, and a conflict is noted', () => {
  const target = '/c/00256D/P/Q?oui=00256D&pc=Z&sn=Y'
  const given = { target, user: '00256D-U-V', headers: { oui: '000AEB', pc: 'H', sn: 'S' } }
  const found = identifyUpload(given, ['/c/:oui/:pc/:sn'])
  expect(found.device).toEqual(device)
  expect(found.met).toEqual(['identity-conflict'])
})

test('an OUI differs from itself in no case of its letters', () => {
  const { met } = identifyUpload({ target: '/c?oui=00256d&pc=Z&sn=Y', headers: { oui: '00256D' } })
  expect(met).toEqual([])
})
