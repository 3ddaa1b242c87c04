/** How a filter's pattern is understood. */
export type PatternType = 'exact' | 'wildcard' | 'regex' | 'hierarchical';

interface Rule {
  pattern: string;
  type: PatternType;
  enabled: boolean;
  matches(module: string): boolean;
}

/** What a script sees of the filters. */
export interface FilterSummary {
  default_enabled: boolean;
  total_rules: number;
  rules: { pattern: string; pattern_type: PatternType; enabled: boolean }[];
}

const TYPES: ReadonlySet<string> = new Set<PatternType>(['exact', 'wildcard', 'regex', 'hierarchical']);
/** Longest regular expression that is accepted, and longest module name that one is tried on. */
const MAX_PATTERN = 200;

/**
 * Decides by module name which log entries pass. An exact rule wins over hierarchical ones (the longest prefix
 * first), those over wildcards and regular expressions (the latest first), and those over the default.
 */
export class ModuleFilters {
  private rules: Rule[] = [];
  private defaultEnabled = true;

  /** Whether entries of this module pass. Entries without a module always do. */
  admits(module: string | undefined): boolean {
    if (module === undefined) return true;
    return this.ruleFor(module)?.enabled ?? this.defaultEnabled;
  }

  /** Adds a rule whose type shows in its pattern: `a.*` is hierarchical, other `*`, `?` and `[` are wildcards. */
  add(pattern: string, enabled: boolean): boolean {
    return this.addAs(pattern, inferType(pattern), enabled);
  }

  /**
   * Adds a rule. The first rule of an empty set, when it lets something pass, makes the set a list of what is
   * wanted: the default becomes "no".
   * @returns false for an unknown type, and for a regular expression that is too long or not valid.
   */
  addAs(pattern: string, type: string, enabled: boolean): boolean {
    if (!TYPES.has(type)) return false;
    const stem = type === 'hierarchical' ? pattern.replace(/\.\*$/, '') : pattern;
    const matches = matcherFor(stem, type as PatternType);
    if (!matches) return false;
    if (this.rules.length === 0 && enabled) this.defaultEnabled = false;
    this.rules = this.rules.filter((rule) => rule.type !== type || rule.pattern !== stem);
    this.rules.push({ pattern: stem, type: type as PatternType, enabled, matches });
    return true;
  }

  /** Removes the rules with this pattern, written with or without a trailing `.*`; whether there were any. */
  remove(pattern: string): boolean {
    const stem = pattern.replace(/\.\*$/, '');
    const kept = this.rules.filter(
      (rule) => rule.pattern !== pattern && !(rule.type === 'hierarchical' && rule.pattern === stem),
    );
    const removed = kept.length < this.rules.length;
    this.rules = kept;
    return removed;
  }

  /** Removes every rule; the default stays. */
  clear(): void {
    this.rules = [];
  }

  /** What happens to modules that no rule speaks of. */
  setDefault(enabled: boolean): void {
    this.defaultEnabled = enabled;
  }

  summary(): FilterSummary {
    return {
      default_enabled: this.defaultEnabled,
      total_rules: this.rules.length,
      rules: this.rules.map(({ pattern, type, enabled }) => ({ pattern, pattern_type: type, enabled })),
    };
  }

  private ruleFor(module: string): Rule | undefined {
    const matching = this.rules.filter((rule) => rule.matches(module));
    const prefixes = matching.filter((rule) => rule.type === 'hierarchical');
    return (
      matching.findLast((rule) => rule.type === 'exact') ??
      prefixes.sort((a, b) => b.pattern.length - a.pattern.length)[0] ??
      matching.at(-1)
    );
  }
}

function inferType(pattern: string): PatternType {
  if (pattern.endsWith('.*')) return 'hierarchical';
  return /[*?[]/.test(pattern) ? 'wildcard' : 'exact';
}

function matcherFor(pattern: string, type: PatternType): Rule['matches'] | undefined {
  if (type === 'exact') return (module) => module === pattern;
  if (type === 'hierarchical') return (module) => module === pattern || module.startsWith(`${pattern}.`);
  const expression = compile(type === 'wildcard' ? wildcardSource(pattern) : pattern);
  return expression && ((module) => expression.test(module.slice(0, MAX_PATTERN)));
}

function compile(source: string): RegExp | undefined {
  if (source.length > MAX_PATTERN) return undefined;
  try {
    return new RegExp(source);
  } catch {
    return undefined;
  }
}

/** `*` is any text, `?` one character, `[…]` one of a set. */
function wildcardSource(pattern: string): string {
  const body = pattern.replace(/\[[^\]]*\]|[\s\S]/g, (part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    if (part.length > 1) return part.replace(/^\[!/, '[^').replace(/\\/g, '\\\\');
    return part.replace(/[.+^${}()|[\]\\]/, '\\$&');
  });
  return `^${body}$`;
}
