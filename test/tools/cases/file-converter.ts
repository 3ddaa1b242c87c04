import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { toolCase } from '../tool-case.js';

export default toolCase({
  tool: 'file-converter',
  programs: ['iconv'],
  prepare(dir) {
    const text = 'Stadt;Einwohner;Fluss\r\nKöln;1087353;Rhein\r\nMünchen;1510378;"Isar; Würm"\r\n';
    const bytes = execFileSync('iconv', ['-f', 'UTF-8', '-t', 'UTF-16'], { input: text });
    writeFileSync(join(dir, 'cities.csv'), bytes);
    return undefined;
  },
  input: (dir) => ({
    operation: 'convert',
    path: join(dir, 'cities.csv'),
    target_path: join(dir, 'cities.json'),
  }),
  check(answer, dir) {
    expect(answer).toMatchObject({
      success: true,
      result: { from_format: 'csv', to_format: 'json', records: 2 },
    });
    expect(JSON.parse(readFileSync(join(dir, 'cities.json'), 'utf8'))).toEqual([
      { Stadt: 'Köln', Einwohner: 1_087_353, Fluss: 'Rhein' },
      { Stadt: 'München', Einwohner: 1_510_378, Fluss: 'Isar; Würm' },
    ]);
  },
});
