import { findCycles, reach } from './cycles.js';
import { type Import, readImports } from './imports.js';
import type { Report } from './report.js';
import { readSources } from './sources.js';

/** The rooms of the house by floor; a room imports from lower floors only. */
const FLOORS: readonly (readonly string[])[] = [
  ['core', 'config'],
  ['storage'],
  [
    'providers',
    'models',
    'state',
    'sessions',
    'hooks',
    'events',
    'security',
    'tenancy',
    'observability',
    'replay',
  ],
  ['agents', 'tools', 'workflows', 'rag'],
  ['script', 'globals'],
  ['kernel'],
  ['cli', 'protocols', 'service'],
];

/** Which rooms a room may use on its own floor. Never add both directions. */
const NEIGHBOURS: Readonly<Record<string, readonly string[]>> = {
  config: ['core'],
  agents: ['tools'],
  globals: ['script'],
  cli: ['protocols'],
};

/** Files above all floors. */
const ENTRIES = ['src/index.ts', 'src/bin.ts', 'src/isolate.ts'];

/** What runs in an isolate's thread. */
const INSIDE = /^src\/(isolate\.ts$|script\/(lua|javascript|local)\/)/;
/** All that such code may use. */
const INSIDE_MAY_USE = /^src\/(isolate\.ts$|core\/|script\/)/;

/** Every import goes down, to an allowed neighbour or stays in its room; no circles; isolates stay light. */
export function checkFloors(root: string): Report {
  const sources = readSources(root, 'src');
  const { imports, broken } = readImports(root, sources);
  const files = sources.map((source) => source.path);
  const problems = [
    ...files.filter((file) => floorOf(file) === undefined).map((file) => `${file} is in no known room`),
    ...broken,
    ...imports.flatMap((one) => wrongDirection(one) ?? []),
    ...findCycles(edgesOf(imports)).map((cycle) => `import cycle: ${cycle.join(' → ')}`),
    ...isolateProblems(files, imports),
  ];
  return { problems, warnings: [], summary: `${files.length} files, ${imports.length} imports` };
}

function roomOf(file: string): string {
  return file.split('/')[1]!;
}

function floorOf(file: string): number | undefined {
  if (ENTRIES.includes(file)) return FLOORS.length;
  const floor = FLOORS.findIndex((rooms) => rooms.includes(roomOf(file)));
  return floor < 0 ? undefined : floor;
}

function wrongDirection({ from, to, place }: Import): string | undefined {
  const [above, below] = [floorOf(from), floorOf(to)];
  if (!to.startsWith('src/'))
    return mayLeave(from, to) ? undefined : `${place} imports ${to}, which is outside src`;
  if (above === undefined || below === undefined) return undefined;
  if (below > above) return `${place} (floor ${above}) imports ${to} from the higher floor ${below}`;
  const [room, other] = [roomOf(from), roomOf(to)];
  if (below < above || room === other || NEIGHBOURS[room]?.includes(other)) return undefined;
  return `${place} imports ${to}: '${room}' may not use its neighbour '${other}' on floor ${above}`;
}

/** Data may come from anywhere; tests may use what whole-program tests use too. */
function mayLeave(from: string, to: string): boolean {
  return to.endsWith('.json') || (isTestFile(from) && to.startsWith('test/'));
}

function edgesOf(imports: readonly Import[]): Map<string, string[]> {
  const edges = new Map<string, string[]>();
  for (const { from, to } of imports) edges.set(from, [...(edges.get(from) ?? []), to]);
  return edges;
}

/** What code inside an isolate names itself, and what it would load through others. */
function isolateProblems(files: readonly string[], imports: readonly Import[]): string[] {
  const inside = files.filter((file) => INSIDE.test(file));
  const direct = imports.filter((one) => INSIDE.test(one.from) && !INSIDE_MAY_USE.test(one.to));
  const loaded = edgesOf(imports.filter((one) => !one.typeOnly && !isTestFile(one.from)));
  const chains = new Map<string, string>();
  for (const start of inside) {
    const cameFrom = reach(start, loaded);
    for (const [file, via] of cameFrom) {
      const indirect = !INSIDE_MAY_USE.test(file) && INSIDE_MAY_USE.test(via) && !INSIDE.test(via);
      if (indirect) chains.set(file, `${start} loads ${file} (through ${via}) into an isolate's thread`);
    }
  }
  const named = direct.map(
    ({ place, to }) => `${place} imports ${to}: code inside an isolate may use only core/ and script/`,
  );
  return [...named, ...chains.values()];
}

function isTestFile(file: string): boolean {
  return file.endsWith('.test.ts');
}
