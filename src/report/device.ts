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
  /**
   * The text that tells one device from all others, and decides its partition:
   * `OUI-ProductClass-SerialNumber`, the EndpointID where a USP agent sends nothing else
   * (R-BULK.1), or the address of a device that does not say who it is.
   */
  readonly key: string
}
