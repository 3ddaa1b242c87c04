import type { JsonObject } from '../../../core/values.js';
import type { Article } from '../page/read-page.js';

/** An article with the parts that it has, or null where a page has none. */
export function articleOf(article: Article | null): JsonObject | null {
  if (!article) return null;
  const parts = {
    title: article.title,
    byline: article.byline,
    excerpt: article.excerpt,
    site_name: article.siteName,
    language: article.lang,
    published: article.publishedTime,
  };
  const known = Object.entries(parts).filter((part): part is [string, string] => Boolean(part[1]));
  return { ...Object.fromEntries(known), text: article.text, html: article.html };
}
