/** What a member of a global does, said in both languages. */
export interface MemberCase {
  /** `State.load`, or `StateTransaction:commit` for a method of a handle. */
  member: string;
  lua: string;
  javascript: string;
  /** What both print, line by line. */
  prints: string[];
}

/** A case; the same text serves both languages where they agree on it. */
export function memberCase(member: string, prints: string[], lua: string, javascript = lua): MemberCase {
  return { member, lua, javascript, prints };
}
