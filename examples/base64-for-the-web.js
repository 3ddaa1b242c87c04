// Bytes as text: base64 in the alphabet of mail and in the one of addresses, and what is inside a token.
//
//   llmspell run examples/base64-for-the-web.js
//
// Prints the same bytes in both alphabets, and the claims of the token.

const base64 = (options) => Tool.execute('base64-encoder', options).result;

const bytes = { operation: 'encode', input: 'fbefbe00', binary_input: true };
print(`mail:    ${base64(bytes).output}`);
print(`address: ${base64({ ...bytes, variant: 'url-safe' }).output}`);

const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEiLCJyb2xlIjoicmVhZGVyIn0.c2lnbmF0dXJl';
const [, claims] = token.split('.');
const { sub, role } = JSON.parse(base64({ operation: 'decode', input: claims, variant: 'url-safe' }).output);
print(`${sub} is a ${role}`);

const picture = base64({ operation: 'decode', input: 'iVBORw0KGgo=' });
print(`${picture.output} (${picture.binary ? 'bytes, as hexadecimal digits' : 'text'})`);
