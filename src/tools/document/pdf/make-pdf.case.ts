import { execFileSync, spawnSync } from 'node:child_process';

/** Whether a program is installed. For tests. */
export function has(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

/** Makes a PDF from PostScript with Ghostscript. For tests. */
export function ghostscript(path: string, postscript: string, flags: readonly string[] = []): string {
  execFileSync(
    'gs',
    ['-q', '-dNOPAUSE', '-dBATCH', '-dSAFER', '-sDEVICE=pdfwrite', ...flags, '-o', path, '-'],
    {
      input: postscript,
    },
  );
  return path;
}

/** PostScript that sets lines of text one below the other. For tests. */
export function textLines(x: number, y: number, lines: readonly string[], size = 10): string {
  const leading = size * 1.2;
  const shown = lines.map(
    (line, n) => `${x} ${y - n * leading} moveto (${line.replace(/[\\()]/g, '\\$&')}) show`,
  );
  return `/Times-Roman findfont ${size} scalefont setfont\n${shown.join('\n')}\n`;
}

/** PostScript that paints an RGB picture whose pixels are given as hexadecimal digits. For tests. */
export function picture(width: number, height: number, hex: string, x = 72, y = 500, scale = 10): string {
  return `gsave ${x} ${y} translate ${width * scale} ${height * scale} scale
${width} ${height} 8 [${width} 0 0 -${height} 0 ${height}] { currentfile ${width * 3} string readhexstring pop } false 3 colorimage
${hex}
grestore
`;
}
