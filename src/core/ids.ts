const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * A name in the ULID form (10 characters of time, 16 of randomness, base 32): names made later sort later.
 * @param nowMs milliseconds since the Unix epoch.
 * @param random gives numbers in [0, 1).
 */
export function newId(nowMs: number, random: () => number): string {
  let id = '';
  for (let rest = nowMs, i = 0; i < 10; i++, rest = Math.floor(rest / 32)) id = ALPHABET[rest % 32] + id;
  for (let i = 0; i < 16; i++) id += ALPHABET[Math.floor(random() * 32)];
  return id;
}
