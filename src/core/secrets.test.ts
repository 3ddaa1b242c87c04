import { describe, expect, it } from 'vitest';
import { Secrets } from './secrets.js';

describe('Secrets', () => {
  it('masks what it knows, percent-encoded too, longest first', () => {
    const secrets = new Secrets();
    secrets.add('p@ss word');
    secrets.add('p@ss word and more');
    expect(secrets.mask('x p@ss word y p@ss word and more z p%40ss%20word')).toBe(
      'x <REDACTED> y <REDACTED> z <REDACTED>',
    );
  });

  it('leaves short values alone: they are ordinary words', () => {
    const secrets = new Secrets();
    secrets.add('abc');
    expect(secrets.mask('abc')).toBe('abc');
  });

  it('learns from telling keys at any depth', () => {
    const secrets = new Secrets();
    secrets.learn({ auth: [{ token: 'tok-12345678', user: 'somebody-else' }], max_tokens: '1234567890' });
    expect(secrets.mask('tok-12345678 somebody-else 1234567890')).toBe('<REDACTED> somebody-else 1234567890');
  });

  it('masks data deeply, keys included, and gives back data without secrets as it is', () => {
    const secrets = new Secrets();
    const clean = { a: ['b'] };
    expect(secrets.maskData(clean)).toBe(clean);
    secrets.add('hunter22');
    expect(secrets.maskData({ 'is hunter22': [1, 'hunter22!', null] })).toEqual({
      'is <REDACTED>': [1, '<REDACTED>!', null],
    });
  });
});
