/** The most problems that are told one by one; all are counted. */
const MAX_LISTED = 10;

/** What was wrong with rows that were read: the first few in words, all of them in number. */
export class Problems {
  private readonly listed: string[] = [];
  /** How many there were. */
  count = 0;

  add(text: string): void {
    this.count++;
    if (this.listed.length < MAX_LISTED) this.listed.push(text);
  }

  /** In words; the last entry says how many more there were. */
  list(): string[] {
    const more = this.count - this.listed.length;
    return more > 0 ? [...this.listed, `… and ${more} more`] : [...this.listed];
  }
}
