import { parseAddress } from './internal/address.js';
import { compileRanges } from './internal/ranges.js';

/** Addresses of which something holds, such as those that are never limited, or always refused. */
export interface AddressList {
  /** Whether an address is in it; a text that is no address is not. IPv4-mapped forms are IPv4. */
  has(address: string): boolean;
  /** Puts other ranges in the place of these, at once; when one makes no sense, the old ones stay. @throws ConfigError */
  replace(ranges: readonly string[]): void;
}

/**
 * Compiles a list of addresses from CIDRs and single addresses.
 *
 * @throws ConfigError on a range that is none
 */
export function createAddressList(ranges: readonly string[]): AddressList {
  let isIn = compileRanges('addresses', ranges);
  return {
    has(text) {
      const address = parseAddress(text);
      return address !== undefined && isIn(address);
    },
    replace(others) {
      isIn = compileRanges('addresses', others);
    },
  };
}
