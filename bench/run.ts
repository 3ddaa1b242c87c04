/** Prints every figure as a table, and as JSON with `--json`. Figures never fail a test run. */
import { calls } from './calls.js';
import { coldStart } from './cold-start.js';
import { compute } from './compute.js';
import { events } from './events.js';
import { hooks } from './hooks.js';
import { isolates } from './isolates.js';
import { journal } from './journal.js';
import type { Figure } from './measure.js';
import { observability } from './observability.js';
import { replay } from './replay.js';
import { sessions } from './sessions.js';
import { state } from './state.js';
import { tools } from './tools.js';

const BENCHES = {
  'cold-start': coldStart,
  compute,
  calls,
  isolates,
  hooks,
  events,
  journal,
  sessions,
  tools,
  replay,
  observability,
  state,
};

delete process.env.NODE_EXTRA_CA_CERTS;
const wanted = process.argv.slice(2).filter((name) => name in BENCHES);
const figures: Figure[] = [];
for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  figures.push(...(await bench()));
}

if (process.argv.includes('--json')) console.log(JSON.stringify({ node: process.version, figures }, null, 2));
else for (const figure of figures) console.log(line(figure));

function line({ name, value, unit, against, ratio, aim }: Figure): string {
  const peer = against
    ? ` = ${ratio!.toFixed(2)} × ${against.name} (${against.value.toFixed(1)} ${unit})`
    : '';
  const goal = aim === undefined ? '' : `, aim ≤ ${aim}${against ? '×' : ` ${unit}`}`;
  return `${name}: ${value.toFixed(1)} ${unit}${peer}${goal}`;
}
