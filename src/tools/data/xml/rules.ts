import type { SaxesTagNS } from 'saxes';
import { z } from 'zod';
import { kindOf } from '../csv/value-kind.js';
import type { LinearPattern } from '../linear-pattern.js';
import type { XmlHandlers } from './reader.js';

/** Violations that are told. */
const MAX_VIOLATIONS = 100;

const names = z.union([z.array(z.string()), z.strictObject({}).transform((): string[] => [])]);

/** A rule about the elements at one path. */
export const ruleSchema = z.strictObject({
  path: z.string().min(1).describe('Names from the root, e.g. catalog/book; * stands for any name.'),
  min: z.number().int().min(0).optional().describe('How many there must be at least, in the whole document.'),
  max: z.number().int().min(0).optional().describe('How many there may be at most.'),
  attributes: names.default([]).describe('Attributes they must have.'),
  children: names.default([]).describe('Elements they must have.'),
  only_children: names.optional().describe('The only elements they may have.'),
  type: z
    .enum(['integer', 'number', 'boolean', 'date', 'date_time', 'text'])
    .optional()
    .describe('What their text must be; text means not empty.'),
  pattern: z.string().optional().describe('What their text must match.'),
});
/** One rule. */
export type XmlRule = z.output<typeof ruleSchema>;

/** What broke a rule: the path of the element and what is wrong with it. */
export interface Violation {
  path: string;
  message: string;
}

interface Frame {
  rules: readonly XmlRule[];
  children: Set<string>;
  text: string;
}

/** Checks rules while a document is read. */
export class RuleChecker {
  private readonly path: string[] = [];
  private readonly frames: Frame[] = [];
  private readonly counts = new Map<XmlRule, number>();
  private readonly found: Violation[] = [];
  private readonly tests: ReadonlyMap<XmlRule, LinearPattern>;

  constructor(
    private readonly rules: readonly XmlRule[],
    patternOf: (source: string) => LinearPattern,
  ) {
    const patterns = rules.flatMap((rule) =>
      rule.pattern === undefined ? [] : [[rule, patternOf(rule.pattern)] as const],
    );
    this.tests = new Map(patterns);
  }

  /** What the reader must tell. */
  handlers(): XmlHandlers {
    const text = (part: string) => {
      const frame = this.frames.at(-1);
      if (frame && frame.rules.length > 0) frame.text += part;
    };
    return { open: (tag) => this.open(tag), close: () => this.close(), text, cdata: text };
  }

  /** What broke the rules, at the end of the document. */
  violations(): Violation[] {
    for (const rule of this.rules) {
      const count = this.counts.get(rule) ?? 0;
      if (rule.min !== undefined && count < rule.min)
        this.add(rule.path, `there must be at least ${rule.min}, found ${count}`);
      if (rule.max !== undefined && count > rule.max)
        this.add(rule.path, `there may be at most ${rule.max}, found ${count}`);
    }
    return this.found;
  }

  private open(tag: SaxesTagNS): void {
    this.frames.at(-1)?.children.add(tag.name);
    this.path.push(tag.name);
    const rules = this.rules.filter((rule) => this.isAt(rule));
    this.frames.push({ rules, children: new Set(), text: '' });
    for (const rule of rules) {
      this.counts.set(rule, (this.counts.get(rule) ?? 0) + 1);
      for (const name of rule.attributes)
        if (!Object.hasOwn(tag.attributes, name)) this.add(this.here(), `attribute '${name}' is missing`);
    }
  }

  private close(): void {
    const { rules, children, text } = this.frames.pop()!;
    for (const rule of rules) {
      for (const name of rule.children)
        if (!children.has(name)) this.add(this.here(), `element '${name}' is missing`);
      for (const name of children)
        if (rule.only_children && !rule.only_children.includes(name))
          this.add(this.here(), `element '${name}' is not allowed`);
      this.checkText(rule, text.trim());
    }
    this.path.pop();
  }

  private checkText(rule: XmlRule, text: string): void {
    if (rule.type !== undefined && !isOfType(text, rule.type))
      this.add(this.here(), `'${text.slice(0, 100)}' is no ${rule.type}`);
    const test = this.tests.get(rule);
    if (test && !test(text)) this.add(this.here(), `'${text.slice(0, 100)}' does not match ${rule.pattern}`);
  }

  private isAt({ path }: XmlRule): boolean {
    const steps = path.replace(/^\//, '').split('/');
    return (
      steps.length === this.path.length &&
      steps.every((step, index) => step === '*' || step === this.path[index])
    );
  }

  private here(): string {
    return this.path.join('/');
  }

  private add(path: string, message: string): void {
    if (this.found.length < MAX_VIOLATIONS) this.found.push({ path, message });
  }
}

function isOfType(text: string, type: NonNullable<XmlRule['type']>): boolean {
  if (type === 'text') return text !== '';
  if (type === 'number') return text !== '' && Number.isFinite(Number(text));
  return text !== '' && kindOf(text) === type;
}
