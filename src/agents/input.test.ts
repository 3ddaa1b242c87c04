import { expect, test } from 'vitest';
import { z } from 'zod';
import { float } from '../core/values.js';
import { agentInput, userMessage } from './input.js';

const text = (raw: unknown) => (userMessage(agentInput.parse(raw)) as { text: string }).text;
const pixel = 'iVBORw0KGgo=';

test.each([
  ['a string', 'hi', 'hi'],
  ['text', { text: 'hi' }, 'hi'],
  ['prompt', { prompt: 'hi' }, 'hi'],
  ['input', { input: 'hi' }, 'hi'],
  ['instruction before text', { text: 'long', instruction: 'Summarize' }, 'Summarize\n\nlong'],
  ['the same twice', { text: 'hi', prompt: 'hi' }, 'hi'],
  ['nothing', {}, ''],
  ['a free table', { city: 'Rome' }, '{\n  "city": "Rome"\n}'],
  ['parameters', { text: 'hi', parameters: { n: float(3) } }, 'hi\n\nParameters:\n{\n  "n": 3\n}'],
  ['variables', { prompt: 'hi', variables: { n: 1 } }, 'hi\n\nParameters:\n{\n  "n": 1\n}'],
  ['no parameters', { text: 'hi', parameters: {} }, 'hi'],
  ['context', { text: 'hi', context: { user: 'ann' } }, 'hi\n\nContext:\n{\n  "user": "ann"\n}'],
])('text from %s', (_, raw, expected) => {
  expect(text(raw)).toBe(expected);
});

test('options in either spelling', () => {
  const input = agentInput.parse({
    text: 'x',
    maxTokens: 5,
    temperature: float(1),
    output_schema: { type: 'object' },
  });
  expect(input).toMatchObject({ max_tokens: 5, temperature: 1, response_schema: { type: 'object' } });
});

test.each([
  ['one image', { image: { base64: pixel } }, 'image/png'],
  ['a list', { media: [{ base64: pixel, format: 'JPG' }] }, 'image/jpeg'],
  ['a data URL', { image: `data:image/webp;base64,${pixel}` }, 'image/webp'],
  ['bytes', { images: [{ data: Buffer.from(pixel, 'base64'), media_type: 'image/gif' }] }, 'image/gif'],
])('media from %s', (_, raw, mediaType) => {
  expect(userMessage(agentInput.parse({ text: 'see', ...raw }))).toEqual({
    role: 'user',
    text: 'see',
    media: [{ mediaType, data: pixel }],
  });
});

test.each([
  ['number', 5],
  ['list', ['hi']],
  ['media that is no base64', { media: { base64: '§' } }],
  ['unknown image format', { image: { base64: pixel, format: 'exe' } }],
  ['temperature out of range', { text: 'x', temperature: 9 }],
  ['sound wanted', { text: 'x', output_modalities: ['audio'] }],
])('refuses %s', (_, raw) => {
  expect(() => agentInput.parse(raw)).toThrow();
});

test('has a JSON Schema for those who offer agents to others', () => {
  const schema = z.toJSONSchema(agentInput, { io: 'output' }) as { properties: object };
  expect(Object.keys(schema.properties)).toContain('text');
});
