import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeCompleter } from './completer.js';
import type { DotCommand } from './dot-command.js';

const COMMANDS: DotCommand[] = [
  { name: 'load', doc: '', complete: 'file', run: () => {} },
  { name: 'engine', doc: '', complete: ['lua', 'javascript'], run: () => {} },
  { name: 'time', doc: '', complete: 'code', run: () => {} },
  { name: 'list', doc: '', run: () => {} },
];

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'llmspell-'));
  mkdirSync(join(cwd, 'spells'));
  for (const name of ['start.lua', 'stop.lua', '.hidden', 'spells/one.lua'])
    writeFileSync(join(cwd, name), '');
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

function completer(candidates: string[] = [], atStart = true) {
  return makeCompleter({
    commands: COMMANDS,
    terminal: { cwd, home: cwd },
    completeCode: async () => candidates,
    atStart: () => atStart,
  });
}

test('code: candidates replace the name before the cursor', async () => {
  expect(await completer(['Tool.execute', 'Tool.exists'])('x = Tool.ex')).toEqual([
    ['Tool.execute', 'Tool.exists'],
    'Tool.ex',
  ]);
  expect(await completer(['print'])('1..pri')).toEqual([['print'], 'pri']);
  expect(await completer([])('nothing.he')).toEqual([[], 'nothing.he']);
});

test('a blank line is indented', async () => {
  expect(await completer()('')).toEqual([['  '], '']);
  expect(await completer([], false)('  ')).toEqual([['    '], '  ']);
});

test('commands and their words', async () => {
  expect(await completer()('.l')).toEqual([['.list', '.load'], '.l']);
  expect(await completer()('.engine j')).toEqual([['javascript'], 'j']);
  expect(await completer(['print'])('.time pri')).toEqual([['print'], 'pri']);
  expect(await completer()('.list x')).toEqual([[], 'x']);
});

test('a dot in a continued line is code', async () => {
  expect(await completer(['x.load'], false)('.l')).toEqual([['x.load'], '']);
});

test('file names, folders with a slash, hidden ones only when asked for', async () => {
  expect(await completer()('.load ')).toEqual([['spells/', 'start.lua', 'stop.lua'], '']);
  expect(await completer()('.load st')).toEqual([['start.lua', 'stop.lua'], 'st']);
  expect(await completer()('.load spells/o')).toEqual([['spells/one.lua'], 'spells/o']);
  expect(await completer()('.load ~/spells/')).toEqual([['~/spells/one.lua'], '~/spells/']);
  expect(await completer()('.load .h')).toEqual([['.hidden'], '.h']);
  expect(await completer()('.load nowhere/x')).toEqual([[], 'nowhere/x']);
});
