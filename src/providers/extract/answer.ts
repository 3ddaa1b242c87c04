import { rankByCentrality } from './centrality.js';
import type { SourceDocument } from './documents.js';
import { type Ranked, rank } from './rank.js';
import { terms } from './terms.js';
import { type Unit, unitsOf } from './units.js';

/** What was picked from the sources for a question, in reading order. */
export interface Extract {
  quotes: Quote[];
  /** How the quotes were chosen: they answer the question, or they are the gist of the text. */
  kind: 'answer' | 'gist' | 'nothing';
}

/** A quoted unit. */
export interface Quote {
  text: string;
  /** `docs/x.md:12`. */
  citation: string;
  kind: Unit['kind'];
}

/** The most units that are quoted for themselves, and with what belongs to them. */
const MAX_PICKED = 4;
const MAX_QUOTED = 7;
/** The most sources whose gist is given. */
const MAX_GIST = 12;
/** A further unit must be at least this good, compared with the best. */
const RELATIVE_SCORE = 0.5;
/** What covers less of the question is no answer. */
const LEAST_COVERAGE = 0.34;
/** Two units that share this part of their words say the same. */
const SAME = 0.7;

const SUMMARY =
  /\b(summar\w*|gist|overview|tl;?dr|main (points?|ideas?)|key (points?|ideas?|takeaways?)|in short|about what)\b|\bwhat (is|are) (this|these|it|the (text|documents?|files?|notes?))( (text|documents?|files?|notes?))?( all)? about\b/i;
/** What a text may be called by someone who asks for its gist. */
const ANY_TEXT =
  /\b(texts?|documents?|files?|articles?|passages?|pages?|notes?|following|above|below|sentences?|paragraphs?|briefly|short|words?|content|\d+|two|three|five)\b/gi;
/** A mention of the text that is no part of the question. */
const IN_TEXT =
  /\b(in|from|of|to|using|with) (this|the|these|my) (given |following |above )?(texts?|documents?|files?|notes?|context)\b/gi;
const WANTS_CODE =
  /\b(code|examples?|snippets?|commands?|syntax|script|how (do|can|to|would) (i|we|you|one|run|write|call|start|install))\b/i;
/** Sentences that lean on the one before. */
const LEANS =
  /^(it|its|this|that|these|those|they|their|he|she|such|so|then|but|also|instead|otherwise|however|both)\b/i;

/**
 * Answers a question with sentences of the given sources: the most relevant ones, each with what it needs to be
 * understood (the sentence it refers to, the list it introduces), in reading order. Deterministic.
 */
export function extractAnswer(question: string, documents: readonly SourceDocument[]): Extract {
  const units = documents.flatMap(unitsOf);
  const general = SUMMARY.test(question) || terms(question).length === 0;
  const subject = general
    ? question.replace(SUMMARY, ' ').replace(ANY_TEXT, ' ')
    : question.replace(IN_TEXT, ' ');
  const wantsCode = WANTS_CODE.test(question);
  const usable = wantsCode ? units : units.filter(({ kind }) => kind !== 'code');
  const specific = pick(rank(subject, usable));
  if (specific.length > 0)
    return { kind: 'answer', quotes: quotes(completed(specific, units, wantsCode ? subject : ''), units) };
  const gist = general ? gistOf(rankByCentrality(units), documents.length) : [];
  return gist.length > 0
    ? { kind: 'gist', quotes: quotes(new Set(gist.map(({ unit }) => unit)), units) }
    : { kind: 'nothing', quotes: [] };
}

/** Of one source its best sentences; of several the one with which each begins, the most central sources first. */
function gistOf(ranked: readonly Ranked[], sources: number): Ranked[] {
  if (sources < 2) return pick(ranked);
  const leads = new Map<string, Ranked>();
  for (const { unit } of ranked) {
    if (leads.has(unit.path)) continue;
    const ofSource = ranked.filter((other) => other.unit.path === unit.path);
    leads.set(unit.path, lead(ofSource) ?? ofSource[0]!);
  }
  return [...leads.values()].slice(0, MAX_GIST);
}

/** The first sentence that says something by itself. */
function lead(ranked: readonly Ranked[]): Ranked | undefined {
  return ranked
    .toSorted((a, b) => a.index - b.index)
    .find(({ unit }) => unit.kind === 'sentence' && !LEANS.test(unit.text) && terms(unit.text).length >= 4);
}

/** The best units that say different things. */
function pick(ranked: readonly Ranked[]): Ranked[] {
  const best = ranked.find(({ coverage }) => coverage >= LEAST_COVERAGE);
  if (!best) return [];
  const picked: Ranked[] = [best];
  for (const candidate of ranked) {
    if (picked.length >= MAX_PICKED || candidate.score < best.score * RELATIVE_SCORE) break;
    const repeats = picked.some(
      ({ unit }) => unit === candidate.unit || overlap(unit, candidate.unit) >= SAME,
    );
    if (!repeats && candidate.coverage >= LEAST_COVERAGE) picked.push(candidate);
  }
  return picked;
}

function overlap(a: Unit, b: Unit): number {
  const [left, right] = [new Set(terms(a.text)), new Set(terms(b.text))];
  const shared = [...left].filter((term) => right.has(term)).length;
  return shared / Math.max(1, Math.min(left.size, right.size));
}

/** The picked units with the ones that they cannot be understood without, and code for `codeFor`, as far as there is room. */
function completed(picked: readonly Ranked[], units: readonly Unit[], codeFor: string): Set<Unit> {
  const chosen = new Set(picked.map(({ unit }) => unit));
  for (const { unit } of picked)
    for (const neighbour of neededBy(unit, units)) if (chosen.size < MAX_QUOTED) chosen.add(neighbour);
  if (codeFor !== '' && ![...chosen].some(({ kind }) => kind === 'code'))
    for (const shown of codeNear(picked[0]!.unit, units, codeFor)) chosen.add(shown);
  return chosen.size === 1 ? new Set([...chosen, ...continued(picked[0]!.unit, units)]) : chosen;
}

/** A lone sentence is better understood with the one that goes on from it. */
function continued(unit: Unit, units: readonly Unit[]): Unit[] {
  const next = units[units.indexOf(unit) + 1];
  return next && next.path === unit.path && next.block === unit.block ? [next] : [];
}

/** Code that shows what the best unit says: right after it, or the nearest of its section that mentions the subject. */
function codeNear(unit: Unit, units: readonly Unit[], subject: string): Unit[] {
  const index = units.indexOf(unit);
  const asked = new Set(terms(subject));
  const shows = (other: Unit) =>
    other.kind === 'code' &&
    other.path === unit.path &&
    other.section === unit.section &&
    (other === units[index + 1] || terms(other.text).some((term) => asked.has(term)));
  const code = units.slice(index).find(shows) ?? units.slice(0, index).findLast(shows);
  return code ? [code] : [];
}

function neededBy(unit: Unit, units: readonly Unit[]): Unit[] {
  const index = units.indexOf(unit);
  const before = units[index - 1];
  const leaning = LEANS.test(unit.text) && before && before.path === unit.path && before.block === unit.block;
  return [...(leaning ? [before] : []), ...(unit.text.endsWith(':') ? introduced(units, index) : [])];
}

/** The list or the code that a sentence ending in a colon introduces. */
function introduced(units: readonly Unit[], index: number): Unit[] {
  const { path, heading } = units[index]!;
  const after = units.slice(index + 1);
  const length = after.findIndex(
    (next) => next.path !== path || next.heading !== heading || next.kind === 'sentence',
  );
  const list = length < 0 ? after : after.slice(0, length);
  return list[0]?.kind === 'code' ? list.slice(0, 1) : list.filter(({ kind }) => kind !== 'code');
}

/** In reading order: the sources as they were given, then as they are written. */
function quotes(chosen: ReadonlySet<Unit>, units: readonly Unit[]): Quote[] {
  return units
    .filter((unit) => chosen.has(unit))
    .map((unit) => ({ text: unit.text, citation: `${unit.path}:${unit.line}`, kind: unit.kind }));
}
