/**
 * Filters and tests that Tera has and the engine lacks, or has otherwise: a part of the source of the process that
 * fills Tera templates. Attributes are looked up among own properties only. Dates are in UTC.
 */
export const TERA_FILTERS = `
const own = (object, key) =>
  object !== null && typeof object === 'object' && Object.hasOwn(object, key) ? object[key] : undefined;
const attributeOf = (object, path) => String(path).split('.').reduce(own, object);
const list = (value) => (Array.isArray(value) ? value : [...String(value)]);
const same = (a, b) => a === b || JSON.stringify(a) === JSON.stringify(b);

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October',
  'November', 'December'];
const two = (number) => String(number).padStart(2, '0');
const DATE_PARTS = {
  Y: (d) => d.getUTCFullYear(), y: (d) => two(d.getUTCFullYear() % 100), m: (d) => two(d.getUTCMonth() + 1),
  d: (d) => two(d.getUTCDate()), e: (d) => String(d.getUTCDate()).padStart(2), H: (d) => two(d.getUTCHours()),
  I: (d) => two(d.getUTCHours() % 12 || 12), M: (d) => two(d.getUTCMinutes()), S: (d) => two(d.getUTCSeconds()),
  p: (d) => (d.getUTCHours() < 12 ? 'AM' : 'PM'), A: (d) => DAYS[d.getUTCDay()],
  a: (d) => DAYS[d.getUTCDay()].slice(0, 3), B: (d) => MONTHS[d.getUTCMonth()],
  b: (d) => MONTHS[d.getUTCMonth()].slice(0, 3), j: (d) => String(dayOfYear(d)).padStart(3, '0'),
  F: (d) => dateText(d, '%Y-%m-%d'), T: (d) => dateText(d, '%H:%M:%S'), R: (d) => dateText(d, '%H:%M'),
  D: (d) => dateText(d, '%m/%d/%y'), s: (d) => Math.floor(d.getTime() / 1000), z: () => '+0000', Z: () => 'UTC',
  '%': () => '%',
};
const dayOfYear = (d) => Math.round((Date.UTC(d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate()) -
  Date.UTC(d.getUTCFullYear(), 0, 1)) / 86400000) + 1;
const dateText = (d, format) =>
  format.replace(/%([a-zA-Z%])/g, (whole, part) => (Object.hasOwn(DATE_PARTS, part) ? DATE_PARTS[part](d) : whole));
function date(value, format = '%Y-%m-%d') {
  const time = new Date(typeof value === 'number' ? value * 1000 : String(value));
  if (Number.isNaN(time.getTime())) throw new Error(JSON.stringify(value) + ' is no date');
  return dateText(time, String(format));
}

function fileSize(bytes) {
  const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];
  let power = 0;
  for (; Math.abs(bytes) >= 1024 && power < units.length - 1; power++) bytes /= 1024;
  return Number(bytes.toFixed(2)) + ' ' + units[power];
}

function groupBy(values, attribute) {
  const groups = Object.create(null);
  for (const value of list(values)) {
    const key = attributeOf(value, attribute);
    if (key !== undefined && key !== null) (groups[key] ||= []).push(value);
  }
  return groups;
}

function distinct(values, attribute) {
  const seen = new Set();
  return list(values).filter((value) => {
    const key = JSON.stringify(attribute === undefined ? value : attributeOf(value, attribute));
    return seen.has(key) ? false : seen.add(key);
  });
}

function rounded(value, method = 'common', precision = 0) {
  const scale = 10 ** precision;
  const work = { common: Math.round, ceil: Math.ceil, floor: Math.floor }[method];
  if (!work) throw new Error('round knows common, ceil and floor');
  return work(value * scale) / scale;
}

function filtered(values, attribute, wanted) {
  return list(values).filter((value) => {
    const found = attributeOf(value, attribute);
    return wanted === undefined ? found !== undefined && found !== null : same(found, wanted);
  });
}

function withoutStart(text, pattern) {
  while (pattern !== '' && text.startsWith(pattern)) text = text.slice(pattern.length);
  return text;
}
function withoutEnd(text, pattern) {
  while (pattern !== '' && text.endsWith(pattern)) text = text.slice(0, -pattern.length);
  return text;
}

function truncated(text, length = 255, end = '…') {
  const letters = [...String(text)];
  return letters.length <= length ? String(text) : letters.slice(0, length).join('') + end;
}

const MORE_FILTERS = {
  nth: [['n'], (values, n) => own(list(values), n)],
  concat: [['with'], (values, more) => list(values).concat(more)],
  get: [['key', 'default'], (object, key, other) => own(object, key) ?? other],
  map: [['attribute'], (values, attribute) => list(values).map((value) => attributeOf(value, attribute))],
  filter: [['attribute', 'value'], filtered],
  group_by: [['attribute'], groupBy],
  unique: [['attribute'], distinct],
  slice: [['start', 'end'], (values, start, end) => list(values).slice(start, end)],
  round: [['method', 'precision'], rounded],
  truncate: [['length', 'end'], truncated],
  trim_start: [[], (text) => String(text).trimStart()],
  trim_end: [[], (text) => String(text).trimEnd()],
  trim_start_matches: [['pat'], (text, pattern) => withoutStart(String(text), String(pattern))],
  trim_end_matches: [['pat'], (text, pattern) => withoutEnd(String(text), String(pattern))],
  as_str: [[], (value) => (typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value))],
  filesizeformat: [[], (bytes) => fileSize(Number(bytes))],
  pluralize: [['singular', 'plural'], (count, one = '', many = 's') => (Math.abs(count) === 1 ? one : many)],
  addslashes: [[], (text) => String(text).replace(/["'\\\\]/g, '\\\\$&')],
  linebreaksbr: [[], (text) => String(text).replace(/\\r?\\n/g, '<br>')],
  spaceless: [[], (text) => String(text).replace(/>\\s+</g, '><')],
  urlencode_strict: [[], (text) => encodeURIComponent(String(text))],
  date: [['format'], date],
};
const MORE_TESTS = {
  containing: (value, part) =>
    Array.isArray(value) ? value.some((one) => same(one, part)) :
      typeof value === 'object' && value !== null ? Object.hasOwn(value, part) : String(value).includes(String(part)),
  starting_with: (text, start) => String(text).startsWith(String(start)),
  ending_with: (text, end) => String(text).endsWith(String(end)),
};
`;
