/** Where messages may go: the one rule by which an address is allowed. */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Networks to which messages may be sent. */
export interface Networks {
  /** Any address of the internet that is nobody's own, by https only. */
  readonly public: boolean;
  /** Networks that the operator names, by http too. */
  readonly blocks: readonly (readonly [address: ipaddr.IPv4 | ipaddr.IPv6, bits: number])[];
}

/** How a message goes. */
export type Scheme = 'http' | 'https';

/** Reads networks: addresses, blocks of them, and `public`. Throws for anything else, which the settings refuse before. */
export function readNetworks(entries: readonly string[]): Networks {
  const blocks = entries
    .filter((entry) => entry !== 'public')
    .map((entry): Networks['blocks'][number] => {
      if (entry.includes('/')) return ipaddr.parseCIDR(entry);
      const address = ipaddr.parse(entry);
      return [address, address.kind() === 'ipv4' ? 32 : 128];
    });
  return { public: entries.includes('public'), blocks };
}

/** Whether messages may go anywhere at all. */
export function allowsAny(networks: Networks): boolean {
  return networks.public || networks.blocks.length > 0;
}

/** Whether a message may be sent to an address: by http only within a network that is named. */
export function mayReach(networks: Networks, text: string, scheme: Scheme): boolean {
  if (isIP(text) === 0) return false;
  // An IPv4 address that is written as an IPv6 one reaches what the IPv4 address does.
  const address = ipaddr.process(text);
  const named = networks.blocks.some(([block, bits]) => block.kind() === address.kind() && address.match(block, bits));
  return named || (networks.public && scheme === 'https' && isPublic(address));
}

/** Of IPv6 only these are given out; what lies elsewhere may lead to addresses of IPv4, or nowhere. */
const givenOut = ipaddr.parseCIDR('2000::/3');

/** Public by its number, and answered by the machine's own cloud all the same. */
const ofClouds: readonly string[] = ['168.63.129.16'];

/** Whether an address is nobody's own: not private, local, shared, reserved, nor one that leads to another. */
function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() !== 'unicast' || ofClouds.includes(address.toString())) return false;
  return address.kind() === 'ipv4' || address.match(...givenOut);
}
