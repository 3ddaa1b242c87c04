import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';
import { toolCase } from '../tool-case.js';

const FEED = `
import sys
import xml.etree.ElementTree as ET
ET.register_namespace('', 'http://www.w3.org/2005/Atom')
feed = ET.Element('{http://www.w3.org/2005/Atom}feed')
for title, year in (('Zürich & more', 2023), ('Oslo', 2024), ('Paris <3', 2024)):
    entry = ET.SubElement(feed, '{http://www.w3.org/2005/Atom}entry', year=str(year))
    ET.SubElement(entry, '{http://www.w3.org/2005/Atom}title').text = title
ET.ElementTree(feed).write(sys.argv[1], encoding='iso-8859-1', xml_declaration=True)
`;

export default toolCase({
  tool: 'xml-processor',
  programs: ['python3'],
  prepare(dir) {
    execFileSync('python3', ['-c', FEED, join(dir, 'feed.xml')]);
    return undefined;
  },
  input: (dir) => ({
    operation: 'query',
    path: join(dir, 'feed.xml'),
    query: '//a:entry[@year > 2022][position() != 2]/a:title',
    namespaces: { a: 'http://www.w3.org/2005/Atom' },
  }),
  check(answer) {
    expect(answer).toMatchObject({
      success: true,
      result: { count: 2, values: ['Zürich & more', 'Paris <3'], truncated: false },
    });
  },
});
