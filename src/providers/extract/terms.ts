/** Words that say nothing about a subject. */
const STOP_WORDS = new Set(
  `a about above after again all also am an and any are as at be because been before being below between both but by
  can could did do does doing done down during each either else etc ever every few for from further get gets give given
  go had has have having he her here hers him his how however i if in into is it its itself just let like many may me
  might more most much must my need no nor not now of off on once one only or other our out over own per please quite
  rather same shall she should show since so some such tell than that the their them then there these they thing things
  this those through to too under until up upon us use used uses using very want was we well were what whatever when
  where whether which while who whom whose why will with within without would yes yet you your explain describe find say says said mention mentions
  according answer question know tell happen happens happened happening work works`.split(/\s+/),
);

/** A word, a name with points or underscores, or a command's flag. */
const WORD = /--\p{L}[\p{L}\p{N}]*(?:-[\p{L}\p{N}]+)*|[\p{L}\p{N}]+(?:['’_.][\p{L}\p{N}]+)*/gu;

const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]/u;

/** Forms that no ending explains. */
const IRREGULAR: Readonly<Record<string, string>> = {
  began: 'begin',
  begun: 'begin',
  built: 'build',
  chose: 'choose',
  chosen: 'choose',
  found: 'find',
  gave: 'give',
  held: 'hold',
  kept: 'keep',
  left: 'leave',
  lost: 'lose',
  made: 'make',
  meant: 'mean',
  ran: 'run',
  sent: 'send',
  shown: 'show',
  spent: 'spend',
  stood: 'stand',
  taken: 'take',
  took: 'take',
  written: 'write',
  wrote: 'write',
};

/** Endings taken off, the longest first; what remains has to keep at least the given number of letters. */
const ENDINGS: readonly (readonly [string, string, number])[] = [
  ['izations', 'iz', 4],
  ['ization', 'iz', 4],
  ['ations', '', 5],
  ['ation', '', 5],
  ['ments', '', 4],
  ['ment', '', 4],
  ['ingly', '', 4],
  ['ings', '', 4],
  ['ing', '', 3],
  ['ness', '', 4],
  ['ions', '', 4],
  ['ion', '', 4],
  ['ies', 'y', 2],
  ['ied', 'y', 2],
  ['able', '', 4],
  ['ers', '', 4],
  ['er', '', 4],
  ['ed', '', 3],
  ['ly', '', 4],
  ['es', '', 4],
  ['s', '', 3],
  ['e', '', 3],
];

/** A word of a text, and how surely it is one. */
export interface Mention {
  word: string;
  /** 1, or less for the parts of a name such as `max_memory_mb`. */
  weight: number;
}

const PART_WEIGHT = 0.6;

/** The words of a text that say what it is about: lower case, stemmed, in order. */
export function terms(text: string): string[] {
  return weighedTerms(text).map(({ word }) => word);
}

/** The same with the weight of each. */
export function weighedTerms(text: string): Mention[] {
  return mentions(text.replace(/https?:\/\/\S+/g, ' '))
    .filter(({ word }) => !STOP_WORDS.has(word))
    .map(({ word, weight }) => ({ word: stem(word), weight }));
}

/** All words in lower case. `camelCase`, `snake_case` and `--flags` also count as their parts. */
export function words(text: string): string[] {
  return mentions(text).map(({ word }) => word);
}

function mentions(text: string): Mention[] {
  const found = text.match(WORD) ?? [];
  return found.flatMap((word) => {
    if (UNSPACED.test(word)) return pairs(word).map((pair) => ({ word: pair, weight: 1 }));
    const parts = inner(word);
    const whole = { word: word.toLowerCase().replace(/['’]s?$|['’](?=\p{L})/gu, ''), weight: 1 };
    if (parts.length < 2) return [whole];
    return [whole, ...parts.map((part) => ({ word: part.toLowerCase(), weight: PART_WEIGHT }))];
  });
}

/** The parts of a name. Names that begin with a capital are often words of their own: OpenAI, GitHub, JavaScript. */
function inner(word: string): string[] {
  const spaced = /^\p{Ll}/u.test(word) ? word.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2') : word;
  return spaced.split(/[\s_.-]+/).filter(Boolean);
}

/** Neighbouring characters, for scripts that put no space between words. */
function pairs(word: string): string[] {
  const characters = [...word];
  return characters.length < 2
    ? characters
    : characters.slice(1).map((next, index) => characters[index] + next);
}

/** A word without its ending: `configured`, `configuring` and `configuration` meet. English only, and lightly. */
export function stem(form: string): string {
  const word = Object.hasOwn(IRREGULAR, form) ? IRREGULAR[form]! : form;
  if (!/^[a-z]+$/.test(word) || /(ss|us|is)$/.test(word)) return word;
  for (const [ending, replacement, least] of ENDINGS) {
    if (!word.endsWith(ending)) continue;
    const root = word.slice(0, -ending.length);
    if (root.length >= least) return undouble(root + replacement);
  }
  return word;
}

/** `stopp` → `stop`, `creat` and `create` stay equal. */
function undouble(root: string): string {
  return /([bdgmnprt])\1$/.test(root) ? root.slice(0, -1) : root.replace(/(?<=.{3})e$/, '');
}
