/** A person, or an organisation as `literal`. The names of the parts are those of CSL-JSON. */
export interface Name {
  family?: string;
  given?: string;
  /** A particle that goes with the given name when names are turned round: Beethoven, Ludwig van. */
  'dropping-particle'?: string;
  /** A particle that belongs to the family name: van Gogh. */
  'non-dropping-particle'?: string;
  suffix?: string;
  literal?: string;
}

/** A date or, with two parts, a span of time. Years before Christ are negative. */
export interface ItemDate {
  'date-parts'?: number[][];
  /** 1: spring … 4: winter. */
  season?: number;
  circa?: boolean;
  /** What is no date: "in press". */
  literal?: string;
}

/** The fields of a work that hold text. */
export const TEXT_FIELDS = [
  'title',
  'title-short',
  'container-title',
  'container-title-short',
  'collection-title',
  'collection-number',
  'publisher',
  'publisher-place',
  'event-title',
  'event-place',
  'volume',
  'issue',
  'number',
  'number-of-volumes',
  'page',
  'edition',
  'version',
  'genre',
  'medium',
  'archive',
  'status',
  'section',
  'chapter-number',
  'DOI',
  'URL',
  'ISBN',
  'ISSN',
  'PMID',
  'PMCID',
  'language',
  'note',
  'abstract',
  'keyword',
] as const;
/** The fields that hold people. */
export const NAME_FIELDS = [
  'author',
  'editor',
  'translator',
  'director',
  'collection-editor',
  'container-author',
  'recipient',
  'interviewer',
] as const;
/** The fields that hold dates. */
export const DATE_FIELDS = ['issued', 'accessed', 'original-date', 'event-date'] as const;

/** The name of a text field. */
export type TextField = (typeof TEXT_FIELDS)[number];
/** The name of a field with people. */
export type NameField = (typeof NAME_FIELDS)[number];
/** The name of a field with a date. */
export type DateField = (typeof DATE_FIELDS)[number];

/** A work that is cited, in the fields of CSL-JSON. Titles are in sentence case; markup is that of `rich.ts`. */
export type Item = { id: string; type: ItemType } & { [F in TextField]?: string } & {
  [F in NameField]?: Name[];
} & { [F in DateField]?: ItemDate };

/** The kinds of works that styles tell apart. */
export const ITEM_TYPES = [
  'article-journal',
  'article-magazine',
  'article-newspaper',
  'article',
  'book',
  'chapter',
  'paper-conference',
  'thesis',
  'report',
  'webpage',
  'post-weblog',
  'post',
  'dataset',
  'software',
  'motion_picture',
  'broadcast',
  'song',
  'patent',
  'manuscript',
  'entry-encyclopedia',
  'entry-dictionary',
  'entry',
  'review',
  'interview',
  'personal_communication',
  'speech',
  'standard',
  'graphic',
  'map',
  'pamphlet',
  'legislation',
  'legal_case',
  'document',
] as const;
/** The kind of a work. */
export type ItemType = (typeof ITEM_TYPES)[number];

/** How styles treat a work: as part of a periodical, part of a book, by itself, or on the web. */
export type Shape = 'article' | 'part' | 'whole' | 'web';

const SHAPES: Partial<Record<ItemType, Shape>> = {
  'article-journal': 'article',
  'article-magazine': 'article',
  'article-newspaper': 'article',
  review: 'article',
  chapter: 'part',
  'paper-conference': 'part',
  'entry-encyclopedia': 'part',
  'entry-dictionary': 'part',
  entry: 'part',
  webpage: 'web',
  'post-weblog': 'web',
  post: 'web',
};

/** How styles treat a work. */
export function shapeOf({ type }: Item): Shape {
  return SHAPES[type] ?? 'whole';
}

/** Who stands in front of a work, and as what: its authors or, where it has none, its editors or director. */
export function creatorsOf(item: Item): {
  names: Name[];
  role: 'author' | 'editor' | 'director' | 'translator';
} {
  const roles = ['author', 'director', 'editor', 'translator'] as const;
  const part = shapeOf(item) === 'part' || shapeOf(item) === 'article';
  for (const role of part ? (['author'] as const) : roles) {
    const names = item[role];
    if (names && names.length > 0) return { names, role };
  }
  return { names: [], role: 'author' };
}

/** The address of a work: its DOI as a link, or its URL. */
export function linkOf(item: Item): string | undefined {
  return item.DOI === undefined ? item.URL : `https://doi.org/${item.DOI}`;
}
