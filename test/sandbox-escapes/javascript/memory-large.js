// attack: lengths beyond every limit
// expect: value "refused"
// with: memory=32
for (const attempt of [() => 'x'.repeat(2 ** 30), () => new ArrayBuffer(2 ** 40), () => new Array(2 ** 32), () => new Uint8Array(2 ** 32), () => 'x'.padStart(2 ** 30), () => 2n ** 10000000000n]) { try { attempt(); throw 'it fits'; } catch (error) { if (error === 'it fits') throw error; } }
'refused';
