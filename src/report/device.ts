/** Who reports. Unknown fields are empty. */
export interface Device {
  /** DeviceInfo.ManufacturerOUI */
  readonly oui: string
  /** DeviceInfo.ProductClass */
  readonly productClass: string
  /** DeviceInfo.SerialNumber */
  readonly serialNumber: string
  /** LocalAgent.EndpointID (USP only) */
  readonly endpointId: string
}

/**
 * The text that tells one device from all others: `OUI-ProductClass-SerialNumber`, or the
 * EndpointID where a USP agent sends nothing else (R-BULK.1). It decides the partition.
 */
export function deviceKey(device: Device): string {
  const { oui, productClass, serialNumber, endpointId } = device
  return oui === '' && productClass === '' && serialNumber === ''
    ? endpointId
    : `${oui}-${productClass}-${serialNumber}`
}
