import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';
import { toolCase } from '../tool-case.js';

/** A bibliography as a reference manager exports it, in an encoding that needs care. */
const EXPORT = `
import json, sys
items = [
    {"id": "eigler1990", "type": "article-journal",
     "title": "Positioning single atoms with a scanning tunnelling microscope",
     "author": [{"family": "Eigler", "given": "D. M."}, {"family": "Schweizer", "given": "E. K."}],
     "container-title": "Nature", "volume": 344, "issue": "6266", "page": "524-526",
     "issued": {"date-parts": [["1990", 4, 5]]}, "DOI": "https://doi.org/10.1038/344524a0"},
    {"id": "goedel1931", "type": "article-journal", "language": "de-DE",
     "title": "Über formal unentscheidbare Sätze der <i>Principia Mathematica</i> und verwandter Systeme I",
     "author": [{"family": "Gödel", "given": "Kurt"}], "container-title": "Monatshefte für Mathematik",
     "volume": "38", "page": "173-198", "issued": {"date-parts": [[1931]]}},
]
json.dump(items, open(sys.argv[1], "w"))
`;

export default toolCase({
  tool: 'citation-formatter',
  programs: ['python3'],
  prepare(dir) {
    execFileSync('python3', ['-c', EXPORT, join(dir, 'library.json')]);
    return undefined;
  },
  input: (dir) => ({
    operation: 'format_citation',
    file_path: join(dir, 'library.json'),
    style: 'apa',
    output: 'html',
    cite_keys: 'goedel1931,eigler1990',
  }),
  check(answer) {
    expect(answer).toMatchObject({
      success: true,
      result: {
        format: 'csl-json',
        combined_citation: '(Eigler &amp; Schweizer, 1990; Gödel, 1931)',
        reference_list: [
          'Eigler, D. M., &amp; Schweizer, E. K. (1990). Positioning single atoms with a scanning tunnelling microscope. <i>Nature</i>, <i>344</i>(6266), 524–526. https://doi.org/10.1038/344524a0',
          'Gödel, K. (1931). Über formal unentscheidbare Sätze der <i>Principia Mathematica</i> und verwandter Systeme I. <i>Monatshefte für Mathematik</i>, <i>38</i>, 173–198.',
        ],
      },
    });
  },
});
