import { fail } from '../core/errors.js';

/** Label names and what they are; values are always text. */
export type Labels = Readonly<Record<string, string>>;

const METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const MAX_NAME = 200;
const MAX_LABELS = 20;
/** Characters of one label's value. */
export const MAX_LABEL_VALUE = 1000;
/** What Prometheus itself puts on the series of histograms. */
const RESERVED = new Set(['le', 'quantile']);

/**
 * A metric's name as Prometheus knows it: dots become underscores, the way scripts like to write them.
 * @throws `metric.invalid`
 */
export function metricName(given: string): string {
  const name = given.replaceAll('.', '_');
  if (name.length <= MAX_NAME && METRIC.test(name)) return name;
  throw fail('metric.invalid', `'${given.slice(0, MAX_NAME)}' is no name of a metric`, {
    hint: 'A name has letters, digits, underscores, dots and colons, and begins with no digit.',
    details: { name: given.slice(0, MAX_NAME) },
  });
}

/** Labels with values as text, sorted by name. @throws `metric.invalid` */
export function metricLabels(given: Readonly<Record<string, unknown>> | null | undefined): Labels {
  const names = Object.keys(given ?? {}).sort();
  if (names.length > MAX_LABELS)
    throw fail(
      'metric.invalid',
      `${names.length} labels are more than the ${MAX_LABELS} that a metric may have`,
    );
  return Object.fromEntries(names.map((name) => [labelName(name), labelValue(name, given?.[name])]));
}

function labelName(name: string): string {
  if (name.length <= MAX_NAME && LABEL.test(name) && !name.startsWith('__') && !RESERVED.has(name))
    return name;
  throw fail('metric.invalid', `'${name.slice(0, MAX_NAME)}' is no name of a label`, {
    hint: 'A label has letters, digits and underscores; `le`, `quantile` and names with `__` in front are taken.',
    details: { label: name.slice(0, MAX_NAME) },
  });
}

function labelValue(name: string, value: unknown): string {
  if (typeof value === 'object' || typeof value === 'function' || value === undefined)
    throw fail('metric.invalid', `The label '${name}' is neither text nor a number nor a boolean`, {
      details: { label: name },
    });
  const text = String(value);
  if (text.length > MAX_LABEL_VALUE)
    throw fail('metric.invalid', `The label '${name}' is longer than ${MAX_LABEL_VALUE} characters`, {
      details: { label: name },
    });
  return text;
}

/** A finite number. @throws `metric.invalid` */
export function metricValue(name: string, value: number): number {
  if (Number.isFinite(value)) return value;
  throw fail('metric.invalid', `${value} is no value for the metric '${name}'`, { details: { name } });
}
