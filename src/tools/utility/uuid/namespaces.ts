import { fail } from '../../../core/errors.js';
import { parseUuid } from './parse.js';
import { uuidV5 } from './versions.js';

/** Namespaces by name: those of RFC 9562 and three of our own. */
export const NAMESPACES: Readonly<Record<string, string>> = {
  agent: '6ba13d5a-3f5d-4a5b-9f7e-3d5a2f4d3a2b',
  tool: '7cb24e6b-4f6e-5b6c-af8f-4e6b3f5e4b3c',
  workflow: '8dc35f7c-5f7f-6c7d-bf9f-5f7c4f6f5c4d',
  dns: '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
  url: '6ba7b811-9dad-11d1-80b4-00c04fd430c8',
  oid: '6ba7b812-9dad-11d1-80b4-00c04fd430c8',
  x500: '6ba7b814-9dad-11d1-80b4-00c04fd430c8',
};

/** The UUID of a namespace given by name or as a UUID. @throws `input.invalid` */
export function namespaceUuid(nameOrUuid: string): string {
  const name = nameOrUuid.toLowerCase();
  if (Object.hasOwn(NAMESPACES, name)) return NAMESPACES[name]!;
  const parsed = parseUuid(nameOrUuid);
  if (parsed) return parsed.uuid;
  throw fail('input.invalid', `Invalid namespace UUID: '${nameOrUuid}'`, {
    hint: `Use ${Object.keys(NAMESPACES).join(', ')} or a UUID.`,
  });
}

/** The UUID of a namespace for deterministic ids; a name of the caller's own gets one derived from it. */
export function idNamespace(nameOrUuid: string): string {
  const known = Object.hasOwn(NAMESPACES, nameOrUuid.toLowerCase()) || parseUuid(nameOrUuid);
  return known ? namespaceUuid(nameOrUuid) : uuidV5(nameOrUuid, NAMESPACES.agent!);
}
