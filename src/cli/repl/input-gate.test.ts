import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { InputGate } from './input-gate.js';

const settled = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

function gate() {
  const source = new PassThrough();
  const gate = new InputGate(source);
  const passed: string[] = [];
  gate.on('data', (chunk) => passed.push(String(chunk)));
  return { source, gate, passed };
}

test('lets one line through for each opening', async () => {
  const { source, gate: input, passed } = gate();
  source.write('one\rtwo\nth');
  await settled();
  expect(passed).toEqual([]);
  input.open();
  await settled();
  expect(passed.join('')).toBe('one\r');
  input.open();
  await settled();
  expect(passed.join('')).toBe('one\rtwo\n');
  input.open();
  await settled();
  source.write('ree\r\nfour\r\n');
  await settled();
  expect(passed.join('')).toBe('one\rtwo\nthree\r');
  input.open();
  await settled();
  expect(passed.join('')).toBe('one\rtwo\nthree\rfour\r');
});

test('ends when the source has ended and everything is through', async () => {
  const { source, gate: input, passed } = gate();
  input.open();
  source.end('last\nrest');
  await settled();
  expect(input.exhausted).toBe(false);
  let ended = false;
  input.on('end', () => {
    ended = true;
  });
  input.open();
  await settled();
  expect(passed.join('')).toBe('last\nrest');
  expect(input.exhausted).toBe(true);
  expect(ended).toBe(true);
});
