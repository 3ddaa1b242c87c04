// A bibliography in BibTeX, cited in several styles, checked and converted.
//
//   llmspell run examples/references.js
//
// Prints citations and lists of references, what a broken entry lacks, and one entry in RIS.

const bibliography = String.raw`
@article{eigler1990,
  author  = {Eigler, D. M. and Schweizer, E. K.},
  title   = {Positioning Single Atoms with a Scanning Tunnelling Microscope},
  journal = {Nature}, volume = 344, number = 6266, pages = {524--526}, year = 1990
}
@book{goedel1962,
  author = {G{\"o}del, Kurt}, translator = {Meltzer, B.},
  title  = {On Formally Undecidable Propositions of {Principia Mathematica} and Related Systems},
  publisher = {Basic Books}, address = {New York}, year = 1962
}
`;
const citations = (request) => Tool.execute('citation-formatter', { input: bibliography, ...request }).result;

for (const style of ['apa', 'mla', 'ieee']) {
  const { combined_citation, reference_list } = citations({ style });
  print(`${style}: ${combined_citation}`);
  for (const reference of reference_list) print(`  ${reference}`);
}

const [note] = citations({
  style: 'chicago-notes',
  cite_keys: 'goedel1962',
  locators: { goedel1962: '37' },
}).citations;
print(`note: ${note.citation}`);
print(`later: ${note.short_citation}`);

const { validation_results } = citations({
  operation: 'validate_bibliography',
  input: '@article{x, title = {Lost}, issn = {0028-0837}}',
});
for (const { message } of validation_results[0].issues) print(`x: ${message}`);

print(citations({ operation: 'convert', to: 'ris', cite_keys: 'eigler1990' }).output.trim());
