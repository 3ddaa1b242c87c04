/** Why an address needs a grant of its own, by range. The first range that contains it names it. */
const SPECIAL_RANGES: readonly (readonly [string, string])[] = [
  ['0.0.0.0/8', 'unspecified'],
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', 'shared (carrier-grade NAT)'],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'link-local (cloud metadata)'],
  ['168.63.129.16/32', 'cloud metadata'],
  ['172.16.0.0/12', 'private'],
  ['192.0.0.0/24', 'reserved'],
  ['192.0.2.0/24', 'reserved'],
  ['192.88.99.0/24', 'reserved'],
  ['192.168.0.0/16', 'private'],
  ['198.18.0.0/15', 'reserved'],
  ['198.51.100.0/24', 'reserved'],
  ['203.0.113.0/24', 'reserved'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'reserved'],
  ['::/96', 'unspecified or loopback'],
  ['64:ff9b:1::/48', 'private'],
  ['100::/64', 'reserved'],
  ['2001::/23', 'reserved'],
  ['2001:db8::/32', 'reserved'],
  ['2002::/16', 'reserved (6to4)'],
  ['fc00::/7', 'private'],
  ['fe80::/10', 'link-local'],
  ['fec0::/10', 'private'],
  ['ff00::/8', 'multicast'],
];

/** A range of addresses; `contains` takes addresses as {@link canonicalHost} writes them. */
export interface AddressRange {
  contains(address: string): boolean;
}

/**
 * A host in the one spelling that permissions compare: names in lower case and ASCII without the final dot,
 * IPv4 in dotted decimals whatever it was written in (`2130706433`, `0x7f.1`, `0177.0.0.1`), IPv6 compressed
 * and without brackets or zone, IPv4 inside IPv6 as IPv4. Undefined for what is no host at all.
 */
export function canonicalHost(host: string): string | undefined {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  if (bare.includes(':')) return canonicalIpv6(bare.replace(/%.*$/, ''));
  if (bare === '' || /[\s/\\?#@[\]]/.test(bare)) return undefined;
  return parseUrl(`http://${bare}/`)?.hostname.replace(/\.$/, '') || undefined;
}

/** 4 or 6 for an address as {@link canonicalHost} writes it, 0 for a name. */
export function addressFamily(host: string): 0 | 4 | 6 {
  if (host.includes(':')) return 6;
  return /^\d+\.\d+\.\d+\.\d+$/.test(host) ? 4 : 0;
}

/** What makes an address special (`loopback`, `private` …), or undefined for a public one and for names. */
export function specialAddress(host: string): string | undefined {
  const address = canonicalHost(host);
  if (address === undefined || addressFamily(address) === 0) return undefined;
  return SPECIAL.find(({ range }) => range.contains(address))?.reason;
}

/** The range that `10.0.0.0/8` or `fd00::/8` describes, or undefined when the text is no such thing. */
export function addressRange(text: string): AddressRange | undefined {
  const match = /^(\d+\.\d+\.\d+\.\d+|[0-9a-f:.]*:[0-9a-f:.]*)\/(\d{1,3})$/i.exec(text);
  const base = match ? canonicalHost(match[1]!) : undefined;
  if (!match || base === undefined) return undefined;
  const family = addressFamily(base);
  const rest = (family === 4 ? 32 : 128) - Number(match[2]);
  if (rest < 0) return undefined;
  const prefix = toBits(base) >> BigInt(rest);
  return {
    contains: (address) => addressFamily(address) === family && toBits(address) >> BigInt(rest) === prefix,
  };
}

/** A canonical address as one number. */
function toBits(address: string): bigint {
  if (addressFamily(address) === 4)
    return address.split('.').reduce((bits, part) => (bits << 8n) | BigInt(part), 0n);
  const [head, tail] = address.split('::').map((half) => half.split(':').filter((group) => group !== ''));
  const zeros = Array<string>(8 - head!.length - (tail?.length ?? 0)).fill('0');
  const groups = [...head!, ...zeros, ...(tail ?? [])];
  return groups.reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}

/** An IPv6 address compressed; the IPv4 address inside a mapped (`::ffff:0:0/96`) or translated (`64:ff9b::/96`) one. */
function canonicalIpv6(address: string): string | undefined {
  if (!/^[0-9a-f:.]+$/i.test(address)) return undefined;
  const compressed = parseUrl(`http://[${address}]/`)?.hostname.slice(1, -1);
  if (compressed === undefined) return undefined;
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(compressed);
  const embedded = mapped ?? /^64:ff9b::(?:(?:([0-9a-f]{1,4}):)?([0-9a-f]{1,4}))?$/.exec(compressed);
  if (!embedded) return compressed;
  const [high, low] = [embedded[1], embedded[2]].map((group) => Number.parseInt(group ?? '0', 16));
  return [high! >> 8, high! & 255, low! >> 8, low! & 255].join('.');
}

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

const SPECIAL = SPECIAL_RANGES.map(([range, reason]) => ({ range: addressRange(range)!, reason }));
