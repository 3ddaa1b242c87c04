// XML in and out: XPath, JSON, and a document checked by rules. Document types and entities are refused.
//
//   llmspell run examples/xml-to-json.js
//
// Prints titles found by XPath, the document as JSON, what breaks a rule, new XML, and why an entity is refused.

const books = `<catalog>
  <book id="1" lang="en"><title>Emma</title><price>7.50</price></book>
  <book id="2" lang="de"><title>Der Prozess</title><price>free</price></book>
</catalog>`;

const xml = (input) => Tool.execute('xml-processor', input);

const found = xml({ operation: 'query', input: books, query: '//book[@lang="de"]/title' });
print('found:', found.result.values.join(', '));

const { catalog } = xml({ operation: 'to_json', input: books, infer_types: true }).result;
print('json: ', JSON.stringify(catalog.book[0]));

const checked = xml({
  operation: 'validate',
  input: books,
  rules: [{ path: 'catalog/book/price', type: 'number' }],
});
for (const { path, message } of checked.result.errors) print('wrong:', `${path}: ${message}`);

const note = { note: { '@to': 'Ada', line: ['Tea & cake', 'at < 5'] } };
print(xml({ operation: 'from_json', input: note, declaration: false }).text.trimEnd());

try {
  xml({ input: '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>' });
} catch (error) {
  print(`${error.code}: ${error.message}`);
}
