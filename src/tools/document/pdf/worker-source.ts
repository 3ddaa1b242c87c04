/**
 * What the process with pdf.js does: `{ module, cmaps, bytes, password, task, ranges, limits }` in, the facts of the
 * document and its pages out, or `{ problem }`. It gives raw positions; what is made of them is decided outside.
 *
 * The heap is bounded by the process's own limit, but what streams unpack to lies outside the heap: a thread watches
 * the memory of the whole process and ends it past `limits.memoryBytes`.
 */
export const PDF_SOURCE = `
const { Worker } = require('node:worker_threads');
const { deflateSync, crc32 } = require('node:zlib');
const { createHash } = require('node:crypto');
const { pathToFileURL } = require('node:url');

const { limits } = data;
const guard = 'setInterval(() => { if (process.memoryUsage.rss() > ' + limits.memoryBytes +
  ") process.kill(process.pid, 'SIGABRT'); }, 25)";
new Worker(guard, { eval: true, stdout: true, stderr: true }).unref();

/** The engine expects these of newer versions of Node. */
URL.parse ??= (text, base) => (URL.canParse(text, base) ? new URL(text, base) : null);
ArrayBuffer.prototype.transferToFixedLength ??= function (length = this.byteLength) {
  const copy = new ArrayBuffer(length);
  new Uint8Array(copy).set(new Uint8Array(this, 0, Math.min(length, this.byteLength)));
  return copy;
};

/** The engine says nowhere else that it lacks the tables of an encoding and leaves the text out. */
let lacksMaps = false;
console.warn = console.log = (...words) => { lacksMaps ||= words.join(' ').includes('cMapUrl'); };

const pdfjs = await import(pathToFileURL(data.module).href);
const { OPS, Util } = pdfjs;

function open(bytes) {
  return pdfjs.getDocument({
    data: new Uint8Array(bytes),
    password: data.password,
    verbosity: 1,
    isEvalSupported: false,
    enableXfa: false,
    useSystemFonts: false,
    disableFontFace: true,
    isOffscreenCanvasSupported: false,
    isImageDecoderSupported: false,
    maxImageSize: limits.imagePixels,
    ...(data.cmaps && { cMapUrl: data.cmaps, cMapPacked: true }),
  }).promise;
}

/** What is left of a file that was cut off has lost the place that names its root: it is looked for. */
function openOrMend() {
  return open(data.bytes).catch((error) => {
    if (error.name !== 'InvalidPDFException') throw error;
    const text = Buffer.from(data.bytes).toString('latin1');
    const roots = [...text.matchAll(/(\\d{1,9}) (\\d{1,5}) obj\\b[^]{0,400}?\\/Type\\s{0,9}\\/Catalog\\b/g)];
    if (roots.length === 0) throw error;
    const [, id, generation] = roots[roots.length - 1];
    return open(Buffer.concat([data.bytes, Buffer.from('\\ntrailer << /Root ' + id + ' ' + generation + ' R >>\\n')]));
  });
}

function chosenPages(count) {
  const chosen = new Set();
  for (const [first, last] of data.ranges)
    for (let page = first; page <= Math.min(last, count) && chosen.size <= limits.pages; page++) chosen.add(page);
  return [...chosen];
}

const attempt = (work) => Promise.resolve().then(work).catch(() => null);

async function pageText(page, viewport) {
  const reader = page.streamTextContent({ includeMarkedContent: false }).getReader();
  const scale = page.userUnit || 1;
  const [texts, ends, boxes, flags] = [[], [], [], []];
  let [length, cut, styles] = [0, false, {}];
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    styles = { ...styles, ...value.styles };
    for (const item of value.items) {
      if (item.str === undefined) continue;
      if (texts.length >= limits.items || length + item.str.length > limits.chars) { cut = true; break; }
      const m = Util.transform(viewport.transform, item.transform);
      texts.push(item.str);
      length += item.str.length;
      ends.push(length);
      boxes.push(m[4], m[5], item.width * scale, Math.hypot(m[2], m[3]), Math.atan2(m[1], m[0]));
      flags.push((item.dir === 'rtl' ? 1 : 0) | (styles[item.fontName]?.vertical ? 2 : 0));
    }
    if (cut) { await reader.cancel(new Error('enough')).catch(() => {}); break; }
  }
  return {
    text: texts.join(''), ends: Uint32Array.from(ends), boxes: Float64Array.from(boxes),
    flags: Uint8Array.from(flags), cut,
  };
}

function pngChunk(type, body) {
  const bytes = Buffer.alloc(body.length + 12);
  bytes.writeUInt32BE(body.length, 0);
  bytes.write(type, 4, 'latin1');
  bytes.set(body, 8);
  bytes.writeUInt32BE(checksum(bytes.subarray(4, body.length + 8)), body.length + 8);
  return bytes;
}

const CRC = Int32Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});
function checksum(bytes) {
  if (crc32) return crc32(bytes);
  let crc = -1;
  for (const byte of bytes) crc = CRC[(crc ^ byte) & 255] ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** The engine gives most images as RGBA: says which channels carry something. */
function channelsOf({ kind, data: pixels }) {
  if (kind !== 3) return kind === 2 ? [0, 1, 2] : null;
  let gray = true;
  for (let at = 0; at < pixels.length; at += 4) {
    if (pixels[at + 3] !== 255) return [0, 1, 2, 3];
    if (pixels[at] !== pixels[at + 1] || pixels[at] !== pixels[at + 2]) gray = false;
  }
  return gray ? [0] : [0, 1, 2];
}

/** Rows of packed bits, each preceded by the filter 'none'. */
function bitRows({ width, height, data: bits }) {
  const row = (width + 7) >> 3;
  if (bits.length < row * height) return null;
  const raw = Buffer.alloc((row + 1) * height);
  for (let y = 0; y < height; y++) raw.set(bits.subarray(y * row, (y + 1) * row), y * (row + 1) + 1);
  return raw;
}

/** Rows of pixels, each preceded by its filter: the difference to the pixel on the left, which photos compress best with. */
function pixelRows({ width, height, kind, data: pixels }, channels) {
  const [step, size] = [kind === 2 ? 3 : 4, channels.length];
  if (pixels.length < width * height * step) return null;
  const raw = Buffer.alloc((width * size + 1) * height);
  for (let y = 0, to = 0, from = 0; y < height; y++) {
    raw[to++] = 1;
    for (let x = 0; x < width; x++, from += step)
      for (const channel of channels)
        raw[to++] = pixels[from + channel] - (x > 0 ? pixels[from - step + channel] : 0);
  }
  return raw;
}

function toPng(image, channels) {
  const raw = channels ? pixelRows(image, channels) : bitRows(image);
  if (!raw) return null;
  const head = Buffer.alloc(13);
  head.writeUInt32BE(image.width, 0);
  head.writeUInt32BE(image.height, 4);
  head.set([channels ? 8 : 1, { 1: 0, 3: 2, 4: 6 }[channels ? channels.length : 1], 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]),
    pngChunk('IHDR', head), pngChunk('IDAT', deflateSync(raw, { level: 6 })), pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The paint operators of a page that paint an image, each with the matrix it is painted under. */
function* painted({ fnArray, argsArray }, base) {
  let matrix = base;
  const saved = [];
  for (let i = 0; i < fnArray.length; i++) {
    const args = argsArray[i] || [];
    switch (fnArray[i]) {
      case OPS.save: if (saved.length < 10000) saved.push(matrix); break;
      case OPS.restore: matrix = saved.pop() || base; break;
      case OPS.transform: matrix = Util.transform(matrix, args); break;
      case OPS.paintFormXObjectBegin:
        if (saved.length < 10000) saved.push(matrix);
        if (args[0]) matrix = Util.transform(matrix, args[0]);
        break;
      case OPS.paintFormXObjectEnd: matrix = saved.pop() || base; break;
      case OPS.paintImageXObject:
      case OPS.paintImageXObjectRepeat: yield { id: args[0], width: args[1], height: args[2], matrix }; break;
      case OPS.paintInlineImageXObject:
      case OPS.paintInlineImageXObjectGroup: yield { image: args[0], inline: true, matrix }; break;
      case OPS.paintImageMaskXObject: yield { image: args[0], mask: true, matrix }; break;
    }
  }
}

function objectOf(page, id) {
  const store = id.startsWith('g_') ? page.commonObjs : page.objs;
  return new Promise((resolve) => store.get(id, resolve));
}

async function pageImages(page, viewport, budget, seen) {
  const list = await page.getOperatorList();
  const found = [];
  for (const { id, width, height, image, inline, mask, matrix } of painted(list, viewport.transform)) {
    if (mask) continue;
    if (budget.images <= 0) { budget.cut = true; break; }
    budget.images--;
    const shown = image || (id && (await objectOf(page, id)));
    const entry = {
      width: shown?.width ?? width ?? 0, height: shown?.height ?? height ?? 0, inline: Boolean(inline),
      x: Math.min(matrix[4], matrix[4] + matrix[0], matrix[4] + matrix[2], matrix[4] + matrix[0] + matrix[2]),
      y: Math.min(matrix[5], matrix[5] + matrix[1], matrix[5] + matrix[3], matrix[5] + matrix[1] + matrix[3]),
      shownWidth: Math.hypot(matrix[0], matrix[1]), shownHeight: Math.hypot(matrix[2], matrix[3]),
    };
    if (!shown?.data || !shown.kind) entry.problem = 'The image uses a compression that cannot be decoded here';
    else {
      const channels = channelsOf(shown);
      entry.channels = channels ? channels.length : 0;
      entry.hash = createHash('sha256').update(shown.data).update(shown.width + 'x' + shown.height).digest('hex');
      if (limits.imageBytes > 0 && !seen.has(entry.hash)) {
        const png = toPng(shown, channels);
        if (!png) entry.problem = 'The image has less data than its size asks for';
        else if (png.length > budget.bytes) budget.cut = true;
        else { entry.png = png; budget.bytes -= png.length; }
      }
      seen.add(entry.hash);
    }
    found.push(entry);
  }
  return found;
}

async function outlineOf(document) {
  const flat = [];
  const pageOf = async (target) => {
    const place = typeof target === 'string' ? await document.getDestination(target) : target;
    const first = Array.isArray(place) ? place[0] : null;
    if (Number.isInteger(first)) return first + 1;
    return first ? (await document.getPageIndex(first)) + 1 : null;
  };
  const walk = async (items, level) => {
    for (const item of items || []) {
      if (flat.length >= limits.outline) return;
      flat.push({ title: item.title, level, page: await attempt(() => pageOf(item.dest)), url: item.url || null });
      if (level < 20) await walk(item.items, level + 1);
    }
  };
  await walk(await document.getOutline(), 1);
  return flat;
}

async function documentFacts(document) {
  const { info, metadata } = (await attempt(() => document.getMetadata())) || {};
  return {
    info: info || {},
    xmp: metadata ? Object.fromEntries([...metadata].slice(0, 100)) : {},
    outline: (await attempt(() => outlineOf(document))) || [],
    permissions: await attempt(async () => [...await document.getPermissions()]),
    attachments: Object.values((await attempt(() => document.getAttachments())) || {}).slice(0, limits.outline)
      .map(({ filename, content }) => ({ name: filename, size: content ? content.length : 0 })),
    labels: await attempt(() => document.getPageLabels()),
    scripts: Boolean(await attempt(() => document.hasJSActions())),
    fields: Object.keys((await attempt(() => document.getFieldObjects())) || {}).slice(0, limits.outline),
  };
}

async function readPage(document, number, budget, seen) {
  try {
    const page = await document.getPage(number);
    const viewport = page.getViewport({ scale: 1 });
    const facts = { number, width: viewport.width, height: viewport.height, rotation: page.rotate };
    if (data.task.text) facts.content = await pageText(page, viewport);
    if (data.task.images) facts.images = await pageImages(page, viewport, budget, seen);
    page.cleanup();
    return facts;
  } catch (error) {
    return { number, problem: String(error && error.message) };
  }
}

try {
  const document = await openOrMend();
  const chosen = chosenPages(document.numPages);
  const budget = { images: limits.images, bytes: limits.imageBytes, cut: false };
  const [pages, seen] = [[], new Set()];
  let chars = 0;
  for (const number of chosen.slice(0, limits.pages)) {
    if (chars > limits.totalChars) break;
    const page = await readPage(document, number, budget, seen);
    chars += page.content ? page.content.text.length : 0;
    pages.push(page);
  }
  return {
    pageCount: document.numPages,
    pages,
    cut: pages.length < chosen.length,
    imagesCut: budget.cut,
    lacksMaps,
    ...(data.task.facts && { facts: await documentFacts(document) }),
  };
} catch (error) {
  return { problem: { name: String(error && error.name), message: String(error && error.message), code: Number(error && error.code) || 0 } };
}`;
