/** Counts of a text. */
export interface TextStatistics {
  bytes: number;
  characters: number;
  characters_without_spaces: number;
  words: number;
  unique_words: number;
  lines: number;
  sentences: number;
  paragraphs: number;
  average_word_length: number;
  [key: string]: number;
}

/** Counts characters (code points), words, sentences, lines and paragraphs. */
export function analyzeText(text: string): TextStatistics {
  const words = wordsOf(text);
  const letters = words.reduce((sum, word) => sum + [...word].length, 0);
  return {
    bytes: Buffer.byteLength(text),
    characters: [...text].length,
    characters_without_spaces: [...text.replace(/\s/g, '')].length,
    words: words.length,
    unique_words: new Set(words.map((word) => word.toLowerCase())).size,
    lines: text === '' ? 0 : text.split('\n').length,
    sentences: sentenceCount(text),
    paragraphs: text.split(/\n\s*\n/).filter((part) => part.trim() !== '').length,
    average_word_length: words.length === 0 ? 0 : Math.round((letters / words.length) * 100) / 100,
  };
}

/** What `count` may count. */
export const COUNT_TYPES = [
  'words',
  'chars',
  'characters',
  'lines',
  'sentences',
  'paragraphs',
  'bytes',
] as const;

/** One of the counts of {@link analyzeText}. */
export function countIn(text: string, type: (typeof COUNT_TYPES)[number]): number {
  return analyzeText(text)[type === 'chars' ? 'characters' : type]!;
}

function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}]+(?:['’_-][\p{L}\p{N}]+)*/gu) ?? [];
}

function sentenceCount(text: string): number {
  return text.split(/[.!?]+(?=\s|$)/).filter((part) => /[\p{L}\p{N}]/u.test(part)).length;
}
