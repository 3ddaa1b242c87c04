import { describe, expect, it } from 'vitest';
import { stem, terms } from './terms.js';

describe('stem', () => {
  it.each([
    ['configure', 'configured', 'configuring', 'configuration'],
    ['install', 'installs', 'installed', 'installation'],
    ['stop', 'stopped', 'stopping', 'stops'],
    ['query', 'queries'],
    ['create', 'created', 'creating'],
    ['cache', 'caching', 'cached', 'caches'],
    ['file', 'files'],
  ])('brings %s and its forms together', (...forms) => {
    expect(new Set(forms.map(stem)).size).toBe(1);
  });

  it.each(['class', 'status', 'this', 'bus', 'naïve'])('leaves %s alone', (word) => {
    expect(stem(word)).toBe(word);
  });
});

describe('terms', () => {
  it('drops stop words and splits names', () => {
    expect(terms('How do I set the maxRetries?')).toEqual(['set', 'maxretry', 'max', 'retry']);
  });

  it('keeps words that have a capital inside', () => {
    expect(terms('OpenAI and GitHub')).toEqual(['openai', 'github']);
  });
});
