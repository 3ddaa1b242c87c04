import { ERROR_CODES, type ErrorCode } from '../../src/core/error-codes.js';
import { EXIT, EXIT_MEANINGS, exitCodeOf } from '../../src/core/exit-codes.js';
import { code, fence, GENERATED, markdownTable, page } from './markdown.js';

const INTRODUCTION =
  'Every error has a stable code, a message that says what was wrong and, where there is one, a hint that says what to ' +
  'do. Codes are never renamed or reused, so scripts and callers may branch on them.';

const LUA = `local ok, message = pcall(Tool.execute, "no-such-tool", {})
assert(not ok)
assert(Debug.last_error().code == "tool.not_found")`;

const JAVASCRIPT = `try {
  Tool.execute("no-such-tool", {});
} catch (error) {
  if (error.code !== "tool.not_found") throw error;
}`;

/** `docs/errors.md`: every error code with the exit code it gives, and what the exit codes mean. */
export function errorsPage(): string {
  const exits = (Object.keys(EXIT) as (keyof typeof EXIT)[]).map((name) => [
    String(EXIT[name]),
    EXIT_MEANINGS[name],
  ]);
  return page([
    GENERATED,
    '# Errors',
    INTRODUCTION,
    'In Lua an error raises its message as a string; `Debug.last_error()` has the code, the hint and the details:',
    fence('lua', LUA),
    'In JavaScript it throws an `Error` with `code`, `hint` and `details`:',
    fence('javascript', JAVASCRIPT),
    'On the command line the message and the script’s own file and line go to standard error; with `--output json` the ' +
      'whole error is printed as JSON.',
    '## Exit codes',
    markdownTable(['Exit code', 'Meaning'], exits),
    '## Error codes',
    ...[...byArea()].flatMap(([area, codes]) => [`### ${area}`, areaTable(codes)]),
  ]);
}

/** Codes grouped by what stands before the point, in the order of the table. */
function byArea(): Map<string, ErrorCode[]> {
  const areas = new Map<string, ErrorCode[]>();
  for (const each of Object.keys(ERROR_CODES) as ErrorCode[]) {
    const area = each.slice(0, each.indexOf('.'));
    areas.set(area, [...(areas.get(area) ?? []), each]);
  }
  return areas;
}

function areaTable(codes: readonly ErrorCode[]): string {
  return markdownTable(
    ['Code', 'Meaning', 'Exit code'],
    codes.map((each) => [code(each), ERROR_CODES[each], String(exitCodeOf(each))]),
  );
}
