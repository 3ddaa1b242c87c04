import { isIPv4, isIPv6 } from 'node:net';
import { isHostname } from '../../data/formats.js';

/** Checks that are asked for by name. */
const CHECKS: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ['phone', (text: string) => /^\+?[1-9]\d{1,14}$/.test(text)],
  ['uuid', (text: string) => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)],
  ['credit_card', isCardNumber],
  ['ipv4', isIPv4],
  ['ipv6', isIPv6],
  ['hostname', isHostname],
]);

/** The names of {@link customCheck}. */
export const CUSTOM_NAMES: readonly string[] = [...CHECKS.keys()];

/** The check of that name. */
export function customCheck(name: string): ((text: string) => boolean) | undefined {
  return CHECKS.get(name);
}

/** Thirteen to nineteen digits, spaces and dashes aside, whose Luhn sum is right. */
function isCardNumber(text: string): boolean {
  const digits = text.replace(/[ -]/g, '');
  return /^\d{13,19}$/.test(digits) && luhn(digits) % 10 === 0;
}

function luhn(digits: string): number {
  return [...digits].reverse().reduce((sum, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return sum + (value > 9 ? value - 9 : value);
  }, 0);
}
