import type { AddressList } from '@secapi/http';
import { createAccessList } from '@secapi/rate-limit';
import type { Exchange } from '../exchange.js';
import type { Guard, GuardOutcome } from '../guard.js';

/** Lists of addresses; an address on both is refused. */
export interface AddressLists {
  /** Who is never limited, such as a monitor of your own. It must sign in like everybody. */
  readonly allow?: AddressList;
  /** Who is refused whatever it asks. */
  readonly deny?: AddressList;
}

/** Refuses addresses, and takes others out of limits and penalties. */
export function addresses({ allow, deny }: AddressLists): Guard {
  const judge = createAccessList<string>({
    ...(allow && { allow: (address) => allow.has(address) }),
    ...(deny && { deny: (address) => deny.has(address) }),
  });

  function enter(exchange: Exchange): GuardOutcome {
    const verdict = judge(exchange.client.address);
    if (verdict === 'allow') exchange.exempt = true;
    if (verdict !== 'deny') return undefined;
    return {
      code: 'FORBIDDEN',
      event: {
        event: 'authz_fail',
        outcome: 'denied',
        trail: false, // else whoever is refused could fill it
        details: { reason: 'address_denied' },
      },
    };
  }

  return { name: 'addresses', enter };
}
