// A picture made smaller, turned into another format, marked and compared, by the image-processor tool.
//
//   llmspell run examples/picture.js
//
// Prints what each step made. Everything but describing needs the optional part: npm install sharp.

const folder = `/tmp/llmspell-picture-${Math.random().toString(36).slice(2)}`;
const image = (request) => Tool.execute('image-processor', request).result;

// Eight by four pixels: the left half red, the right half blue.
const flag =
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAECAIAAAA8r+mnAAAAFElEQVR42mP4z8AAR0jM/wzUkwAAOn4f4diWpaUAAAAASUVORK5CYII=';
const file_path = `${folder}/flag.png`;
Tool.execute('file-operations', { operation: 'write', path: file_path, input: flag, encoding: 'base64' });

const { format, dimensions, bit_depth } = image({ file_path }).metadata;
print(`${format}, ${dimensions.width} × ${dimensions.height}, ${bit_depth} bits`);

const large = image({ operation: 'resize', file_path, target_path: `${folder}/large.webp`, width: 400 });
print(`resized: ${large.format}, ${large.width} × ${large.height}`);

const { dominant_color, mean_color } = image({ operation: 'statistics', file_path });
print(`mean colour ${mean_color}, most of it near ${dominant_color}`);

const mirrored = image({ operation: 'flip', file_path, target_path: `${folder}/mirrored.png` });
const compared = image({ operation: 'compare', file_path, compare_path: mirrored.target_path });
print(`${compared.different_pixels} of 32 pixels differ from the mirror image`);

try {
  image({ operation: 'crop', file_path, target_path: `${folder}/part.png`, x: 6, y: 0, width: 4, height: 4 });
} catch (error) {
  print(`${error.code}: ${error.message}`);
}

Tool.execute('file-operations', { operation: 'delete', path: folder, recursive: true });
