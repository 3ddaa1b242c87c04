/** A DOI without what is put in front of it. */
export function cleanDoi(text: string): string {
  return text
    .trim()
    .replace(/^(?:https?:\/\/)?(?:dx\.)?doi\.org\//i, '')
    .replace(/^doi:\s*/i, '');
}

/** Whether a text has the form of a DOI. */
export function isDoi(text: string): boolean {
  return /^10\.\d{4,9}\/\S+$/.test(text);
}

/** Whether the check digit of an ISBN with ten or thirteen digits is right. */
export function isIsbn(text: string): boolean {
  const digits = text.replace(/[-\s–]/g, '').toUpperCase();
  if (/^\d{9}[\dX]$/.test(digits)) return weighted(digits, (index) => 10 - index) % 11 === 0;
  return /^97[89]\d{10}$/.test(digits) && weighted(digits, (index) => (index % 2 === 0 ? 1 : 3)) % 10 === 0;
}

/** Whether the check digit of an ISSN is right. */
export function isIssn(text: string): boolean {
  const digits = text.replace(/[-\s–]/g, '').toUpperCase();
  return /^\d{7}[\dX]$/.test(digits) && weighted(digits, (index) => 8 - index) % 11 === 0;
}

function weighted(digits: string, weight: (index: number) => number): number {
  return [...digits].reduce(
    (sum, digit, index) => sum + (digit === 'X' ? 10 : Number(digit)) * weight(index),
    0,
  );
}
