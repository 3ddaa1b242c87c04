import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';
import { toolCase } from '../tool-case.js';

const POSTSCRIPT = `[ /Title (Harvest) /Author (Ada) /DOCINFO pdfmark
/Times-Roman findfont 12 scalefont setfont
72 720 moveto (Harvest report) show showpage
72 720 moveto (Fruit) show 200 720 moveto (Crates) show 300 720 moveto (Price) show
72 700 moveto (Apples) show 200 700 moveto (120) show 300 700 moveto (3.50) show
72 680 moveto (Pears) show 200 680 moveto (45) show 300 680 moveto (4.25) show showpage`;

export default toolCase({
  tool: 'pdf-processor',
  programs: ['gs', 'qpdf'],
  prepare(dir) {
    const plain = join(dir, 'plain.pdf');
    execFileSync('gs', ['-q', '-dNOPAUSE', '-dBATCH', '-sDEVICE=pdfwrite', '-o', plain, '-'], {
      input: POSTSCRIPT,
    });
    execFileSync('qpdf', ['--encrypt', 'harvest-moon', 'owner', '256', '--', plain, join(dir, 'locked.pdf')]);
    return undefined;
  },
  input: (dir) => ({
    operation: 'extract_tables',
    input: join(dir, 'locked.pdf'),
    pages: '2-',
    password: 'harvest-moon',
  }),
  check(answer) {
    expect(answer).toMatchObject({
      success: true,
      result: {
        count: 1,
        page_count: 2,
        tables: [
          {
            page: 2,
            rows: [
              ['Fruit', 'Crates', 'Price'],
              ['Apples', '120', '3.50'],
              ['Pears', '45', '4.25'],
            ],
          },
        ],
      },
    });
  },
});
