import { isRecord } from '../../core/values.js';
import type { ModelMessage } from '../model.js';
import { findDocuments, numbered, type SourceDocument } from './documents.js';
import { splitSentences } from './sentences.js';

/** A conversation as the extractor sees it. */
export interface ExtractTask {
  question: string;
  documents: SourceDocument[];
}

/** Fewer words than this beside the question are an instruction, not a text to quote. */
const LEAST_WORDS = 15;
const LABELLED = /^\s*(?:question|query|q|task)\s*:\s*(\S.*)$/im;
const CONTEXT = /^\s*(?:context|sources?|documents?|text|excerpts?)\s*:\s*$/im;

/** Finds the last question of a conversation and everything in it that can be quoted. */
export function readTask(messages: readonly ModelMessage[]): ExtractTask {
  const last = messages.findLastIndex(({ role }) => role === 'user');
  const question = last < 0 ? '' : split(findDocuments(messages[last]!.text).rest, true).question;
  const documents = messages.flatMap((message, index) => documentsIn(message, index === last));
  return { question, documents: unique(documents) };
}

function documentsIn(message: ModelMessage, asks: boolean): SourceDocument[] {
  if (message.role === 'assistant') return [];
  if (message.role === 'tool') return documentsOrWhole(readable(message.text), `tool:${message.name}`);
  const { documents, rest } = findDocuments(message.text);
  if (documents.length > 0) return documents;
  return loose(message.role === 'system' ? afterContext(rest) : split(rest, asks).material, message.role);
}

function documentsOrWhole(text: string, path: string): SourceDocument[] {
  const { documents } = findDocuments(text);
  return documents.length > 0 ? documents : [numbered(path, text)];
}

function loose(text: string, role: 'system' | 'user'): SourceDocument[] {
  const count = text.split(/\s+/).filter(Boolean).length;
  return count >= LEAST_WORDS ? [numbered(role === 'system' ? 'context' : 'message', text)] : [];
}

/** Instructions to a model are not quoted, only what they announce as context. Line breaks stay, for the citations. */
function afterContext(text: string): string {
  const match = CONTEXT.exec(text);
  if (!match) return '';
  const end = match.index + match[0].length;
  return text.slice(0, end).replace(/[^\n]/g, '') + text.slice(end);
}

/**
 * Parts the question from the text it is about: a line `Question: …`, a sentence with a question mark in the last or
 * the first paragraph; in a message that must ask something also what stands before a colon, or the first paragraph.
 */
function split(text: string, asks: boolean): { question: string; material: string } {
  const clear = labelled(text) ?? asked(text);
  const question = clear ?? (asks ? (announced(text) ?? firstParagraph(text)) : '');
  return { question, material: blanked(text, question) };
}

function labelled(text: string): string | undefined {
  return LABELLED.exec(text)?.[1]?.trim();
}

function asked(text: string): string | undefined {
  const all = paragraphs(text);
  const candidates = [all.at(-1) ?? '', all[0] ?? ''];
  return candidates.flatMap((paragraph) => {
    const lines = paragraph.split('\n').map((line, index) => ({ number: index, text: line.trim() }));
    const sentences = splitSentences(lines).map((sentence) => sentence.text);
    return sentences.findLast((sentence) => sentence.endsWith('?')) ?? [];
  })[0];
}

function announced(text: string): string | undefined {
  return /^\s*([^\n:]{3,120}):\s/.exec(text)?.[1];
}

function firstParagraph(text: string): string {
  return paragraphs(text)[0]?.trim() ?? '';
}

function paragraphs(text: string): string[] {
  return text.split(/\r?\n\s*\r?\n/).filter((paragraph) => paragraph.trim());
}

/** The text without the question; what was a line stays one. */
function blanked(text: string, question: string): string {
  if (!question) return text;
  const pattern = question.split(/\s+/).map(escaped).join('\\s+');
  const found = [...text.matchAll(new RegExp(pattern, 'g'))].at(-1);
  if (!found) return text;
  const end = found.index + found[0].length;
  return text.slice(0, found.index) + found[0].replace(/[^\n]/g, '') + text.slice(end).replace(/^:/, '');
}

function escaped(word: string): string {
  return word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** A tool's result as text: of JSON only what is written in it. */
function readable(text: string): string {
  try {
    return strings(JSON.parse(text) as unknown).join('\n') || text;
  } catch {
    return text;
  }
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(strings);
  return isRecord(value) ? Object.values(value).flatMap(strings) : [];
}

/** The same source given twice counts once. */
function unique(documents: SourceDocument[]): SourceDocument[] {
  const seen = new Map(documents.map((document) => [JSON.stringify(document), document]));
  return [...seen.values()];
}
