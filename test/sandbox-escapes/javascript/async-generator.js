// attack: the return of an async generator (CVE-2026-45411)
// expect: value "nothing"
const found = [];
async function* generate() { try { yield 1; } finally { await 2; } }
const AsyncGenerator = generate.constructor;
if (AsyncGenerator('return typeof process').toString().includes('[native')) found.push('native');
const iterator = generate();
await iterator.next();
const evil = { get then() { return (yes) => { if (yes.constructor('return typeof process')() !== 'undefined') found.push('then'); yes(1); }; } };
await iterator.return(evil);
for await (const item of { async *[Symbol.asyncIterator]() { yield evil; } }) found.push(...(item?.found ?? []));
found.length === 0 ? 'nothing' : found.join(' ');
