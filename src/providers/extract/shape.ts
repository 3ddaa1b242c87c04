import { words } from './terms.js';

/** How much a text looks like an answer to a question of this kind: 0 not at all, 1 rather, 3 for a definition. */
export function answerShape(question: string): (text: string) => number {
  const asked = question.toLowerCase();
  const pattern = SHAPES.find(([kind]) => kind.test(asked))?.[1];
  if (pattern) return (text) => (pattern.test(text) ? 1 : 0);
  const subject = words(SUBJECT.exec(asked)?.[1] ?? '');
  return subject.length > 0 ? definition(subject) : () => 0;
}

/** Kinds of questions, and what their answers contain. */
const SHAPES: readonly (readonly [RegExp, RegExp])[] = [
  [
    /\bhow (many|much|long|often|big|large|old|fast)\b|\bwhen\b|\bwhat (year|date|port|version|limit|size)\b/,
    /\d/,
  ],
  [/\bwhy\b/, /\b(because|since|so that|so|therefore|reason|in order to)\b/i],
  [/\bwhere\b/, /[\w~]\/[\w.]|\b(in|under|at|inside|beside|on disk|below)\b/i],
];
const SUBJECT = /\b(?:what|who)(?:'s| is| are| was| were| does| do) (?:an? |the )?(.+?)(?: do)?[?.!]*$/;

/** Whether a text says what its subject is (`X is a …`, `an X: …`, `X (…)`) or at least says something of it (`X keeps …`). */
function definition(subject: string[]): (text: string) => number {
  const name = subject.map(escaped).join('[\\W_]+');
  const defines = new RegExp(
    `\\b${name}[\\W_]{0,2}(?:\\s(?:(?:is|are|was|were) (?:an?|the|one|what|how|where)|means)\\b|[:=—–(])`,
    'iu',
  );
  const tells = new RegExp(`^[\\W_]*(?:an? |the )?${name}[\\W_]{0,2}\\s[a-z]+`, 'iu');
  return (text) => (defines.test(text) ? 3 : tells.test(text) ? 1 : 0);
}

/** Words hold letters, digits and inner points. */
function escaped(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
