/** A value of the data model as a device reports it, with its TR-106 type. */
export interface Sample {
  readonly name: string
  readonly type: 'string' | 'boolean' | 'int' | 'unsignedInt' | 'unsignedLong'
  readonly value: string | number | boolean
}

type Source = readonly [name: string, type: Sample['type'], value: (seed: number) => unknown]

/** Digits that differ from device to device and stay the same from run to run. */
const digits = (seed: number, modulus: number) => (Math.imul(seed + 1, 0x9e3779b1) >>> 0) % modulus

const mac = (seed: number) =>
  [0, 1, 2]
    .map((byte) =>
      digits(seed + byte, 256)
        .toString(16)
        .padStart(2, '0'),
    )
    .reduce((address, byte) => `${address}:${byte}`, '02:25:6d')

const gateway: readonly Source[] = [
  ['Device.DeviceInfo.SoftwareVersion', 'string', () => '4.12.1-r20260301'],
  ['Device.DeviceInfo.UpTime', 'unsignedInt', (seed) => 86_400 + digits(seed, 9_000_000)],
  ['Device.DeviceInfo.MemoryStatus.Free', 'unsignedInt', (seed) => digits(seed, 524_288)],
  ['Device.IP.Interface.1.Status', 'string', () => 'Up'],
  ['Device.IP.Interface.1.Stats.BytesSent', 'unsignedLong', (seed) => digits(seed, 4e9) * 257],
  ['Device.IP.Interface.1.Stats.BytesReceived', 'unsignedLong', (seed) => digits(seed, 4e9) * 997],
  ['Device.WiFi.SSID.1.SSID', 'string', (seed) => `Home-${digits(seed, 10_000)}`],
  ['Device.WiFi.Radio.1.Enable', 'boolean', () => true],
  ['Device.WiFi.Radio.1.Channel', 'unsignedInt', (seed) => 36 + 4 * digits(seed, 16)],
  ['Device.WiFi.Radio.1.Stats.Noise', 'int', (seed) => -60 - digits(seed, 40)],
]

const station: readonly Source[] = [
  ['MACAddress', 'string', mac],
  ['OperatingStandard', 'string', () => 'ax'],
  ['AuthenticationState', 'boolean', () => true],
  ['SignalStrength', 'int', (seed) => -30 - digits(seed, 60)],
  ['LastDataDownlinkRate', 'unsignedInt', (seed) => digits(seed, 1_200_000)],
  ['LastDataUplinkRate', 'unsignedInt', (seed) => digits(seed, 1_200_000)],
  ['Stats.BytesSent', 'unsignedLong', (seed) => digits(seed, 4e9) * 11],
  ['Stats.BytesReceived', 'unsignedLong', (seed) => digits(seed, 4e9) * 3],
  ['Stats.PacketsSent', 'unsignedLong', (seed) => digits(seed, 90_000_000)],
  ['Stats.ErrorsSent', 'unsignedInt', (seed) => digits(seed, 1_000)],
]

/**
 * The parameters of one device: ten of the gateway, then ten of each station of its Wi-Fi.
 * @param count how many, a multiple of ten
 */
export function sampleParameters(device: number, count: number): readonly Sample[] {
  const stations = Array.from({ length: count / 10 - 1 }, (_, index) => index + 1)
  return [
    ...gateway.map((source, index) => sample('', source, device * 101 + index)),
    ...stations.flatMap((instance) =>
      station.map((source, index) =>
        sample(
          `Device.WiFi.AccessPoint.1.AssociatedDevice.${instance}.`,
          source,
          device * 101 + instance * 10 + index,
        ),
      ),
    ),
  ]
}

const sample = (prefix: string, [name, type, value]: Source, seed: number): Sample => ({
  name: prefix + name,
  type,
  value: value(seed) as Sample['value'],
})
