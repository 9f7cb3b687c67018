import { expect, test } from 'vitest'
import { identify } from '../../src/normalize/identity.ts'

const device = { oui: '00256D', productClass: 'Z', serialNumber: 'Y', endpointId: '' }

test.each([
  ['as the standard prints it', '/c?oui=00256D&pc=Z&sn=Y', device, {}],
  ['in any case', '/c?OUI=00256D&Pc=Z&SN=Y', device, {}],
  [
    'a raw EndpointID (A R-BULK.1)',
    '/c?eid=os::00256D-Y',
    { ...device, oui: '', productClass: '', serialNumber: '', endpointId: 'os::00256D-Y' },
    {},
  ],
  [
    'percent-encoded (obuspa)',
    '/c?oui=00256D&pc=USP%20Agent&sn=Y',
    { ...device, productClass: 'USP Agent' },
    {},
  ],
  ['a second ? (obuspa, RDK)', '/c?tenant=a?oui=00256D&pc=Z&sn=Y', device, { tenant: 'a' }],
  [
    'no ? at all (iopsys)',
    '/c&oui=00256D&pc=Z&sn=Y&ct=2020-01-01T12:00:00+01:00',
    device,
    { ct: '2020-01-01T12:00:00+01:00' },
  ],
  [
    'a path as key (obuspa)',
    '/c?oui=00256D&pc=Z&sn=Y&Device.LocalAgent.UpTime=1',
    device,
    { 'Device.LocalAgent.UpTime': '1' },
  ],
  ['broken escapes', '/c?oui=00256D&pc=Z&sn=Y&a=%zz%41%e4', device, { a: '%zzA%e4' }],
  ['an empty value before the real one', '/c?oui=&oui=00256D&pc=Z&sn=Y', device, {}],
  ['a value with =', '/c?oui=00256D&pc=Z&sn=Y&a=b=c', device, { a: 'b=c' }],
  ['a key without a value', '/c?oui=00256D&pc=Z&sn=Y&flag', device, { flag: '' }],
])('%s', (_form, target, expected, attributes) => {
  expect(identify(target)).toEqual({ device: expected, attributes })
})
