/**
 * What the thread does with a jq program: `{ path, program, inputs, maxBytes }` in (`inputs` is JSON text),
 * `{ values }` or `{ status, message }` out (`status` is jq's exit status, or `out of memory`).
 *
 * The package's own runner reads and writes one byte at a time into buffers that it copies for each, which takes
 * seconds for 100 KB; here the three standard streams are served block by block. The program only sees an
 * empty file system in memory.
 */
export const JQ_SOURCE = `
const createModule = require(data.path);
const input = new TextEncoder().encode(data.inputs);
const output = [[], []];
let consumed = 0;
let produced = 0;
let memory;

function eachVector(iov, count, visit) {
  const view = new DataView(memory.buffer);
  let total = 0;
  for (let i = 0; i < count; i++) {
    const start = view.getUint32(iov + 8 * i, true);
    total += visit(new Uint8Array(memory.buffer, start, view.getUint32(iov + 8 * i + 4, true)));
  }
  return total;
}

function report(pointer, total) {
  new DataView(memory.buffer).setUint32(pointer, total, true);
  return 0;
}

function read(iov, count, pointer) {
  return report(pointer, eachVector(iov, count, (target) => {
    const part = input.subarray(consumed, consumed + target.length);
    target.set(part);
    consumed += part.length;
    return part.length;
  }));
}

function write(stream, iov, count, pointer) {
  return report(pointer, eachVector(iov, count, (bytes) => {
    produced += bytes.length;
    if (produced > data.maxBytes) throw new Error('the output is larger than ' + data.maxBytes + ' bytes');
    output[stream].push(bytes.slice());
    return bytes.length;
  }));
}

function withStreams(imports) {
  for (const group of Object.values(imports)) {
    for (const [key, original] of Object.entries(group)) {
      if (original.name === '_fd_read')
        group[key] = (fd, ...rest) => (fd === 0 ? read(...rest) : original(fd, ...rest));
      if (original.name === '_fd_write')
        group[key] = (fd, ...rest) => (fd === 1 || fd === 2 ? write(fd - 1, ...rest) : original(fd, ...rest));
    }
  }
  return imports;
}

const { instantiate } = WebAssembly;
WebAssembly.instantiate = async (binary, imports) => {
  const made = await instantiate(binary, withStreams(imports));
  memory = Object.values(made.instance.exports).find((item) => item instanceof WebAssembly.Memory);
  return made;
};

const decode = (chunks) => Buffer.concat(chunks).toString('utf8');
const clamp = (_key, value) => (value === Infinity ? Number.MAX_VALUE : value === -Infinity ? -Number.MAX_VALUE : value);

const jq = await createModule({ thisProgram: 'jq' });
let status;
try {
  status = jq.callMain(['-M', '-c', ' ' + data.program]);
} catch (error) {
  if (/^Aborted/.test(error.message)) return { status: 'out of memory', message: '' };
  throw error;
}
const text = decode(output[0]);
if (status !== 0) return { status, message: decode(output[1]).trim() };
const reviver = /[eE][+]?\\d{3}/.test(text) ? clamp : undefined;
return { values: text.split('\\n').filter(Boolean).map((line) => JSON.parse(line, reviver)) };`;
