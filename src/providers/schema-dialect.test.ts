import { describe, expect, it } from 'vitest';
import { fitsStrictMode } from './schema-dialect.js';

const closed = {
  type: 'object',
  properties: { a: { type: 'string' } },
  required: ['a'],
  additionalProperties: false,
};

describe('fitsStrictMode', () => {
  it('takes closed objects with every property required', () => {
    expect(fitsStrictMode({ ...closed, properties: { a: { type: 'array', items: closed } } })).toBe(true);
  });

  it('refuses optional properties, open objects, and both inside others', () => {
    expect(fitsStrictMode({ ...closed, required: [] })).toBe(false);
    expect(fitsStrictMode({ type: 'object', properties: {} })).toBe(false);
    expect(fitsStrictMode({ ...closed, properties: { a: { anyOf: [{ type: 'object' }] } } })).toBe(false);
  });

  it('does not take values for schemas', () => {
    expect(fitsStrictMode({ ...closed, properties: { a: { enum: [{ type: 'object' }] } } })).toBe(true);
  });
});
