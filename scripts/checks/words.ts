import { execFileSync } from 'node:child_process';
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from './report.js';

/** The patterns are put together from pieces, so that this file does not contain what it looks for. */
const FORBIDDEN: readonly { pattern: RegExp; what: string }[] = [
  { pattern: word(['TO', 'DO'], ['FIX', 'ME']), what: 'unfinished work' },
  { pattern: phrase('coming', 'soon'), what: 'a promise' },
  { pattern: phrase('not', 'implemented', 'yet'), what: 'a promise' },
  { pattern: machinePath('work', ''), what: 'a path of one machine' },
  { pattern: machinePath('root', ''), what: 'a path of one machine' },
  { pattern: machinePath('home', '(?!me\\b|user\\b)[a-z_][\\w.-]*'), what: 'a path of one machine' },
];

/** Tracked text files hold no unfinished work, no promises and no paths of somebody's machine. */
export function checkWords(root: string): Report {
  const files = trackedFiles(root).filter((file) => isRegular(join(root, file)));
  const problems = files.flatMap((file) => {
    const content = readFileSync(join(root, file));
    return content.subarray(0, 8192).includes(0) ? [] : findWords(file, content.toString('utf8'));
  });
  return { problems, warnings: [], summary: `${files.length} files` };
}

function findWords(file: string, text: string): string[] {
  return text.split('\n').flatMap((line, index) =>
    FORBIDDEN.flatMap(({ pattern, what }) => {
      const match = pattern.exec(line);
      return match ? [`${file}:${index + 1} contains ${what}: ${match[0]}`] : [];
    }),
  );
}

function trackedFiles(root: string): string[] {
  const options = { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28, stdio: 'pipe' } as const;
  const output = execFileSync('git', ['ls-files', '-z'], options);
  return output.split('\0').filter((file) => file !== '');
}

/** Links and files that are tracked but deleted are not read. */
function isRegular(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Capital letters only: a shopping list may be called by the small ones. */
function word(...words: string[][]): RegExp {
  return new RegExp(`\\b(?:${words.map((pieces) => pieces.join('')).join('|')})[Ss]?\\b`);
}

function phrase(...words: string[]): RegExp {
  return new RegExp(`\\b${words.join('\\s+')}\\b`, 'i');
}

/** An absolute path below a top folder; `example.org/work/` and `./work/` are none. */
function machinePath(folder: string, below: string): RegExp {
  return new RegExp(`(?<![\\w.~$}/-])/${folder}/${below}`);
}
