import { synonymGroup } from './synonyms.js';
import { terms, weighedTerms } from './terms.js';
import type { Unit } from './units.js';

/** The nearest heading says what its sentences are about, but less surely than they do themselves; outer ones less. */
const HEADING_WEIGHT = 0.6;
const OUTER_HEADING_WEIGHT = 0.3;
/** A word that means the same counts for this much of the word itself. */
const SYNONYM_WEIGHT = 0.6;

/** A unit with its words counted. */
export interface IndexedUnit {
  unit: Unit;
  /** Position among all units, in reading order. */
  index: number;
  /** Its own words, in order. */
  own: string[];
  /** How much of each word is in it and its headings. */
  counts: Map<string, number>;
  /** The same for words of one meaning, by group. */
  groups: Map<number, number>;
}

/** Counts a unit's words. */
export function indexUnit(unit: Unit, index: number): IndexedUnit {
  const mentions = weighedTerms(unit.text);
  const counts = new Map<string, number>();
  for (const { word, weight } of mentions) addTo(counts, word, weight);
  const headings = unit.heading.split(' › ');
  headings.forEach((heading, level) => {
    const weight = level === headings.length - 1 ? HEADING_WEIGHT : OUTER_HEADING_WEIGHT;
    for (const term of new Set(terms(heading))) addTo(counts, term, weight);
  });
  return { unit, index, own: mentions.map(({ word }) => word), counts, groups: groupsOf(counts) };
}

/** How often a word, or another of its meaning, is in an index. */
export function occurrences(
  { counts, groups }: Pick<IndexedUnit, 'counts' | 'groups'>,
  term: string,
): number {
  const group = synonymGroup(term);
  const similar = group === undefined ? 0 : (groups.get(group) ?? 0);
  return Math.max(counts.get(term) ?? 0, SYNONYM_WEIGHT * similar);
}

/** Counts by meaning, from counts by word. */
export function groupsOf(counts: ReadonlyMap<string, number>): Map<number, number> {
  const groups = new Map<number, number>();
  for (const [term, count] of counts) {
    const group = synonymGroup(term);
    if (group !== undefined) addTo(groups, group, count);
  }
  return groups;
}

/** Adds to a count. */
export function addTo<K>(counts: Map<K, number>, key: K, amount: number): void {
  counts.set(key, (counts.get(key) ?? 0) + amount);
}
