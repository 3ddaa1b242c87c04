import { terms, words } from './terms.js';
import type { Unit } from './units.js';

/** A unit and how well it answers. */
export interface Ranked {
  unit: Unit;
  /** Position among all units, in reading order. */
  index: number;
  /** Higher is better; comparable only within one question. */
  score: number;
  /** Part of the question that the unit's own words and headings cover, 0–1: by weight or by number, whichever is more. */
  coverage: number;
}

/** BM25's saturation and length normalisation; sentences differ less in length than documents do. */
const K1 = 1.2;
const B = 0.4;
/** A heading says what its sentences are about, but less surely than they do themselves. */
const HEADING_WEIGHT = 0.6;
/** The best a sentence can gain by having the shape of an answer. */
const SHAPE_BONUS = 0.4;
/** The best a sentence can gain by containing the question's words side by side. */
const PHRASE_BONUS = 0.4;
/** How many of the most frequent words stand for a text's subject. */
const SUBJECT_TERMS = 12;

interface Indexed {
  unit: Unit;
  index: number;
  own: string[];
  counts: Map<string, number>;
}

/** Ranks units by how well they answer a question, best first; units that share no word with it are left out. */
export function rank(question: string, units: readonly Unit[]): Ranked[] {
  const query = [...new Set(terms(question))];
  const indexed = units.map(toIndexed);
  const weigh = inverseFrequency(indexed);
  const whole = query.reduce((sum, term) => sum + weigh(term), 0);
  const average = indexed.reduce((sum, { own }) => sum + own.length, 0) / Math.max(1, indexed.length);
  const shape = answerShape(question);
  return indexed
    .map((entry) => {
      const found = query.filter((term) => entry.counts.has(term));
      const byWeight = found.reduce((sum, term) => sum + weigh(term), 0) / (whole || 1);
      const coverage = Math.max(byWeight, found.length / Math.max(1, query.length));
      const bonus = PHRASE_BONUS * phraseShare(query, entry.own) + SHAPE_BONUS * shape(entry.unit.text);
      const score = bm25(query, entry, average, weigh) * (0.4 + byWeight) * (1 + bonus);
      return { unit: entry.unit, index: entry.index, score, coverage };
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.index - b.index);
}

/**
 * Ranks prose by how much it is about what the whole text is about. The beginning of a source counts more: that is
 * where people say what they are going to say.
 */
export function rankByCentrality(units: readonly Unit[]): Ranked[] {
  const prose = units.filter(({ kind }) => kind === 'sentence' || kind === 'item');
  const own = new Map(
    prose.map((unit) => [unit, new Set(terms(unit.text).filter((term) => /\p{L}{3}/u.test(term)))]),
  );
  const subject = mostFrequent([...own.values()], SUBJECT_TERMS);
  const positions = new Map<string, number>();
  return prose
    .map((unit, index) => {
      const position = positions.get(unit.path) ?? 0;
      positions.set(unit.path, position + 1);
      const shared = subject.reduce((sum, [term, count]) => sum + (own.get(unit)!.has(term) ? count : 0), 0);
      const score = (shared / Math.sqrt(own.get(unit)!.size + 6)) * (1 + 1.5 / (1 + position / 2));
      return { unit, index, score, coverage: 1 };
    })
    .sort((a, b) => b.score - a.score || a.index - b.index);
}

function mostFrequent(sets: readonly ReadonlySet<string>[], count: number): [string, number][] {
  const frequency = new Map<string, number>();
  for (const set of sets) for (const term of set) add(frequency, term, 1);
  return [...frequency].sort((a, b) => b[1] - a[1]).slice(0, count);
}

function toIndexed(unit: Unit, index: number): Indexed {
  const own = terms(unit.text);
  const counts = new Map<string, number>();
  for (const term of own) add(counts, term, 1);
  for (const term of new Set(terms(unit.heading))) add(counts, term, HEADING_WEIGHT);
  return { unit, index, own, counts };
}

function add(counts: Map<string, number>, term: string, amount: number): void {
  counts.set(term, (counts.get(term) ?? 0) + amount);
}

/** Rare words weigh more; a word that occurs nowhere weighs most, so that a question about it is seen as unanswered. */
function inverseFrequency(indexed: readonly Indexed[]): (term: string) => number {
  const containing = new Map<string, number>();
  for (const { counts } of indexed) for (const term of counts.keys()) add(containing, term, 1);
  return (term) => {
    const n = containing.get(term) ?? 0;
    return Math.log(1 + (indexed.length - n + 0.5) / (n + 0.5));
  };
}

function bm25(query: string[], entry: Indexed, average: number, weigh: (term: string) => number): number {
  const norm = K1 * (1 - B + (B * entry.own.length) / Math.max(1, average));
  return query.reduce((sum, term) => {
    const count = entry.counts.get(term) ?? 0;
    return count === 0 ? sum : sum + (weigh(term) * count * (K1 + 1)) / (count + norm);
  }, 0);
}

/** The part of the question's neighbouring word pairs that are neighbours in the unit too. */
function phraseShare(query: string[], own: string[]): number {
  if (query.length < 2) return 0;
  const pairs = new Set(own.slice(1).map((term, index) => `${own[index]} ${term}`));
  const found = query.slice(1).filter((term, index) => pairs.has(`${query[index]} ${term}`));
  return found.length / (query.length - 1);
}

/** How much a text looks like an answer to this kind of question: 0 not at all, 1 rather, 2 for a definition. */
function answerShape(question: string): (text: string) => number {
  const asked = question.toLowerCase();
  const pattern = SHAPES.find(([kind]) => kind.test(asked))?.[1];
  if (pattern) return (text) => (pattern.test(text) ? 1 : 0);
  const subject = SUBJECT.exec(asked)?.[1];
  return subject ? definition(words(subject)) : () => 0;
}

/** Kinds of questions, and what their answers contain. */
const SHAPES: readonly (readonly [RegExp, RegExp])[] = [
  [
    /\bhow (many|much|long|often|big|large|old|fast)\b|\bwhen\b|\bwhat (year|date|port|version|limit|size)\b/,
    /\d/,
  ],
  [/\bwhy\b/, /\b(because|since|so that|so|therefore|reason|in order to)\b/i],
  [/\bwhere\b/, /[\w~]\/[\w.]|\b(in|under|at|inside|beside)\b/i],
];
const SUBJECT = /\b(?:what|who)(?:'s| is| are| was| were) (?:an? |the )?(.+?)[?.!]*$/;

/** Whether a text says what its subject is: `X is …`, `an X: …`, `X (…)`. */
function definition(subject: string[]): (text: string) => number {
  const name = subject.join('[\\W_]+');
  const pattern = new RegExp(`\\b${name}[\\W_]{0,2}(?:\\s(?:is|are|was|were|means)\\b|[:=—–(])`, 'iu');
  return (text) => (pattern.test(text) ? 2 : 0);
}
