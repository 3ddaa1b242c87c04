import { hyphenated } from './versions.js';

/** What a UUID's bits say of it. */
export interface UuidFacts {
  /** Lower case, hyphenated. */
  uuid: string;
  /** `v1` … `v8`, or null for the nil UUID and other variants. */
  version: string | null;
  variant: 'NCS' | 'RFC4122' | 'Microsoft' | 'Future';
}

const FORMS = [
  /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/i,
  /^([0-9a-f]{32})$/i,
  /^urn:uuid:([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/i,
  /^\{([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}$/i,
];

/** Reads a UUID in hyphenated, simple, URN or braced form; undefined when it is none. */
export function parseUuid(text: string): UuidFacts | undefined {
  const digits = FORMS.map((form) => form.exec(text)?.[1]).find((match) => match !== undefined);
  if (digits === undefined) return undefined;
  const hex = digits.replaceAll('-', '').toLowerCase();
  const variant = variantOf(Number.parseInt(hex[16]!, 16));
  const version = Number.parseInt(hex[12]!, 16);
  const known = variant === 'RFC4122' && version >= 1 && version <= 8;
  return { uuid: hyphenated(hex), version: known ? `v${version}` : null, variant };
}

function variantOf(digit: number): UuidFacts['variant'] {
  if (digit < 0x8) return 'NCS';
  if (digit < 0xc) return 'RFC4122';
  return digit < 0xe ? 'Microsoft' : 'Future';
}
