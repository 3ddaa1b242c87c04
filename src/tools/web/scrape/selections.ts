import { fail } from '../../../core/errors.js';
import type { JsonValue } from '../../../core/values.js';
import type { Hit, PageContent, Pick } from '../page/read-page.js';
import { absoluteUrl } from '../page/web-url.js';
import type { NamedSelector, ScrapeInput } from './input.js';

/** Elements that were asked for: how to find them and what becomes of them in the result. */
export interface Selection {
  /** The key of the result. */
  name: string;
  pick: Pick;
  /** What one element gives; undefined when it lacks the attribute. */
  value(hit: Hit, base: string): string | undefined;
  /** Whether one element is a list, too. */
  list: boolean;
}

/** Attributes that hold addresses. */
const ADDRESSES = new Set(['href', 'src', 'action', 'poster', 'cite', 'data', 'formaction']);
/** The parameters that fill the result, by the name they fill. */
const EXTRACTED = {
  links: 'extract_links',
  images: 'extract_images',
  metadata: 'extract_meta',
  tables: 'extract_tables',
  article: 'extract_article',
} as const;

/** What `selector` and `selectors` ask for. */
export function selectionsOf(input: ScrapeInput): Selection[] {
  const { selector, attribute, selectors = {}, max_items } = input;
  const single = selector === undefined ? [] : [selection('selected_content', { selector, attribute }, true)];
  const named = Object.entries(selectors).map(([name, value]) => {
    refuseTaken(name, input);
    const spelled = typeof value === 'string' ? splitAttribute(value) : value;
    return selection(name, spelled, typeof value === 'object' && value.all);
  });
  return [...single, ...named].map((one) => ({ ...one, pick: { ...one.pick, limit: max_items } }));
}

/** The values of a selection: a list, one value, or undefined where nothing was found. */
export function selectedValue(
  { list, value }: Selection,
  { hits }: PageContent['picks'][number],
  base: string,
): JsonValue | undefined {
  const values = hits.map((hit) => value(hit, base)).filter((text) => text !== undefined);
  return list || values.length > 1 ? values : values[0];
}

type Spelled = { selector: string; attribute?: string | undefined; html?: boolean };

function selection(name: string, { selector, attribute, html }: Spelled, list: boolean): Selection {
  const pick = { selector, limit: 0 };
  if (attribute !== undefined)
    return {
      name,
      list,
      pick: { ...pick, attributes: [attribute] },
      value: (hit, base) => attributeValue(attribute, hit, base),
    };
  if (html) return { name, list, pick: { ...pick, html: true }, value: (hit) => hit.html };
  const wanted = { ...pick, text: true, htmlWhenEmpty: true };
  return { name, list, pick: wanted, value: (hit) => hit.text || hit.html || '' };
}

/** `a.next@href`: no selector ends in a bare `@name`. */
function splitAttribute(text: string): Exclude<NamedSelector, string> {
  const match = /^(.*[^@])@([\w:-]+)$/s.exec(text);
  return { selector: match?.[1] ?? text, attribute: match?.[2], html: false, all: false };
}

function attributeValue(name: string, { attributes }: Hit, base: string): string | undefined {
  const value = attributes && Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  if (value === undefined || !ADDRESSES.has(name.toLowerCase())) return value;
  return absoluteUrl(value, base)?.href ?? value;
}

function refuseTaken(name: string, input: ScrapeInput): void {
  const parameter = Object.hasOwn(EXTRACTED, name) && EXTRACTED[name as keyof typeof EXTRACTED];
  if (parameter && input[parameter])
    throw fail('input.invalid', `selectors: the name '${name}' is taken by ${parameter}`, {
      hint: 'Choose another name.',
    });
}
