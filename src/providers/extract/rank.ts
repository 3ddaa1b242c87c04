import { type IndexedUnit, indexUnit, occurrences } from './index-units.js';
import { sectionScores } from './sections.js';
import { answerShape } from './shape.js';
import { terms } from './terms.js';
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
/** The best a sentence can gain by having the shape of an answer. */
const SHAPE_BONUS = 0.4;
/** The best a sentence can gain by containing the question's words side by side. */
const PHRASE_BONUS = 0.4;
/** How much of a sentence's score depends on the section it stands in. */
const SECTION_SHARE = 0.6;
/** Rows of tables hold key words without saying much about them, and rows of names alone explain nothing. */
const ROW_WEIGHT = 0.75;
const NAMES_WEIGHT = 0.4;

/** Ranks units by how well they answer a question, best first; units that share no word with it are left out. */
export function rank(question: string, units: readonly Unit[]): Ranked[] {
  const query = [...new Set(terms(question))];
  const indexed = units.map(indexUnit);
  const weights = new Map(query.map((term) => [term, inverseFrequency(term, indexed)]));
  const weigh = (term: string) => weights.get(term) ?? 0;
  const whole = query.reduce((sum, term) => sum + weigh(term), 0);
  const average = indexed.reduce((sum, { own }) => sum + own.length, 0) / Math.max(1, indexed.length);
  const shape = answerShape(question);
  const inSection = sectionScores(query, indexed);
  return indexed
    .map((entry) => {
      const found = query.filter((term) => occurrences(entry, term) > 0);
      const byWeight = found.reduce((sum, term) => sum + weigh(term), 0) / (whole || 1);
      const coverage = Math.max(byWeight, found.length / Math.max(1, query.length));
      const bonus = PHRASE_BONUS * phraseShare(query, entry.own) + SHAPE_BONUS * shape(entry.unit.text);
      const own = bm25(query, entry, average, weigh) * (0.4 + byWeight) * (1 + bonus);
      const place = 1 - SECTION_SHARE + SECTION_SHARE * inSection(entry);
      const score = own * place * kindWeight(entry.unit);
      return { unit: entry.unit, index: entry.index, score, coverage };
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.index - b.index);
}

function kindWeight({ kind, text }: Unit): number {
  if (kind !== 'row') return 1;
  return /\p{L}{2}/u.test(text.replace(/`[^`]*`/g, '')) ? ROW_WEIGHT : NAMES_WEIGHT;
}

/**
 * Rare words weigh more; a word that occurs nowhere weighs most, so that a question about it is seen as unanswered.
 * For a word that occurs only in others of its meaning, these are counted.
 */
function inverseFrequency(term: string, indexed: readonly IndexedUnit[]): number {
  const exact = indexed.filter(({ counts }) => counts.has(term)).length;
  const n = exact || indexed.filter((entry) => occurrences(entry, term) > 0).length;
  return Math.log(1 + (indexed.length - n + 0.5) / (n + 0.5));
}

function bm25(query: string[], entry: IndexedUnit, average: number, weigh: (term: string) => number): number {
  const norm = K1 * (1 - B + (B * entry.own.length) / Math.max(1, average));
  return query.reduce((sum, term) => {
    const count = occurrences(entry, term);
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
