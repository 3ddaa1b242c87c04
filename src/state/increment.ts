import { fail } from '../core/errors.js';
import { float, isFloat, type ScriptValue } from '../core/values.js';

const LARGEST = 2n ** 63n - 1n;
const SMALLEST = -(2n ** 63n);

/**
 * The sum as a script would compute it: integers stay integers (of 64 bits), anything with a float is a float.
 * Nothing counts as zero.
 * @throws `state.invalid` for what is no number, and for an integer that would be too large.
 */
export function addTo(value: ScriptValue | undefined, delta: ScriptValue): ScriptValue {
  const [a, b] = [value ?? 0, delta];
  if (!isNumber(a))
    throw fail('state.invalid', 'Only a number can be incremented; the entry holds something else');
  if (!isNumber(b)) throw fail('state.invalid', 'The increment is not a number');
  if (isInteger(a) && isInteger(b)) return integer(BigInt(a) + BigInt(b));
  const sum = Number(a) + Number(b);
  return Number.isInteger(sum) ? float(sum) : sum;
}

function isNumber(value: ScriptValue): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint' || isFloat(value);
}

function isInteger(value: number | bigint): boolean {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
}

function integer(sum: bigint): ScriptValue {
  if (sum > LARGEST || sum < SMALLEST)
    throw fail('state.invalid', 'The sum does not fit into an integer of 64 bits');
  return BigInt.asIntN(64, sum) === sum &&
    sum <= BigInt(Number.MAX_SAFE_INTEGER) &&
    sum >= BigInt(Number.MIN_SAFE_INTEGER)
    ? Number(sum)
    : sum;
}
