// attack: Error.prepareStackTrace sees no frame of the host
// expect: value "nothing"
const found = [];
try {
  Error.prepareStackTrace = (error, sites) => { for (const site of sites ?? []) { const file = String(site.getFileName?.()); if (/node:|isolate|llmspell\/|dist/.test(file)) found.push(file); try { if (site.getThis?.() !== undefined && site.getThis() !== globalThis) found.push('this'); } catch {} } return sites; };
} catch {}
for (const attempt of [() => Tool.execute('no-such-tool'), () => null.x, () => new Error('x').stack, () => { throw new Error('y'); }]) { try { attempt(); } catch (error) { if (/node:internal|isolate\.cjs|wasm/.test(String(error.stack))) found.push(String(error.stack)); } }
found.length === 0 ? 'nothing' : found.join(' ');
