import { memberCase as is, type MemberCase } from './case.js';

const lua = (code: string) => `local sid = Session.create()\n${code}`;
const js = (code: string) => `const sid = Session.create();\n${code}`;

/** What each member of `Artifact` does. */
export const ARTIFACT_CASES: readonly MemberCase[] = [
  is(
    'Artifact.store',
    ['1 2 64', 'artifact.invalid', 'session.no_current'],
    lua(
      'local one = Artifact.store(sid, "text", "a", "x")\nlocal two = Artifact.store(sid, "text", "a", "y")\nprint(one.sequence, two.sequence, #one.content_hash)\npcall(Artifact.store, sid, "text", "a", {})\nprint(Debug.last_error().code)\npcall(Artifact.store, "", "text", "a", "x")\nprint(Debug.last_error().code)',
    ),
    js(
      'const one = Artifact.store(sid, "text", "a", "x");\nconst two = Artifact.store(sid, "text", "a", "y");\nprint(one.sequence, two.sequence, one.content_hash.length);\ntry { Artifact.store(sid, "text", "a", {}); } catch (e) { print(e.code); }\ntry { Artifact.store("", "text", "a", "x"); } catch (e) { print(e.code); }',
    ),
  ),
  is(
    'Artifact.get',
    ['hi text/plain a Custom("note") 1', 'artifact.not_found'],
    lua(
      'local id = Artifact.store(sid, "note", "n", "hi", { mime_type = "text/plain", tags = { "a" }, mine = 1 })\nlocal got = Artifact.get(sid, id)\nprint(got.content, got.metadata.mime_type, got.metadata.tags[1], got.metadata.artifact_type, got.metadata.custom.mine)\nid.sequence = 2\npcall(Artifact.get, sid, id)\nprint(Debug.last_error().code)',
    ),
    js(
      'const id = Artifact.store(sid, "note", "n", "hi", { mime_type: "text/plain", tags: ["a"], mine: 1 });\nconst got = Artifact.get(sid, id);\nprint(got.content, got.metadata.mime_type, got.metadata.tags[0], got.metadata.artifact_type, got.metadata.custom.mine);\nid.sequence = 2;\ntry { Artifact.get(sid, id); } catch (e) { print(e.code); }',
    ),
  ),
  is(
    'Artifact.get_content',
    ['3'],
    lua('local id = Artifact.store(sid, "bytes", "b", "\\0\\255\\1")\nprint(#Artifact.get_content(sid, id))'),
    js(
      'const id = Artifact.store(sid, "bytes", "b", new Uint8Array([0, 255, 1]));\nprint(Artifact.getContent(sid, id).length);',
    ),
  ),
  is(
    'Artifact.list',
    ['a,b', '2'],
    lua(
      'Artifact.store(sid, "text", "a", "x")\nArtifact.store(sid, "text", "b", "x")\nlocal all = Artifact.list(sid)\nprint(all[1].name .. "," .. all[2].name)\nSession.set_current(sid)\nprint(#Artifact.list(""))',
    ),
    js(
      'Artifact.store(sid, "text", "a", "x");\nArtifact.store(sid, "text", "b", "x");\nprint(Artifact.list(sid).map((a) => a.name).join(","));\nSession.setCurrent(sid);\nprint(Artifact.list("").length);',
    ),
  ),
  is(
    'Artifact.delete',
    ['0', 'artifact.not_found'],
    lua(
      'local id = Artifact.store(sid, "text", "a", "x")\nArtifact.delete(sid, id)\nprint(#Artifact.list(sid))\npcall(Artifact.get, sid, id)\nprint(Debug.last_error().code)',
    ),
    js(
      'const id = Artifact.store(sid, "text", "a", "x");\nArtifact.delete(sid, id);\nprint(Artifact.list(sid).length);\ntry { Artifact.get(sid, id); } catch (e) { print(e.code); }',
    ),
  ),
  is(
    'Artifact.store_file',
    ['in.txt hello', 'permission.read'],
    lua(
      'local f = io.open("in.txt", "w")\nf:write("hello")\nf:close()\nlocal got = Artifact.get(sid, Artifact.store_file(sid, "in.txt", "text"))\nprint(got.metadata.name, got.content)\npcall(Artifact.store_file, sid, "/etc/passwd", "text")\nprint(Debug.last_error().code)',
    ),
    js(
      'Tool.execute("file-operations", { operation: "write", path: "in.txt", input: "hello" });\nconst got = Artifact.get(sid, Artifact.storeFile(sid, "in.txt", "text"));\nprint(got.metadata.name, got.content);\ntry { Artifact.storeFile(sid, "/etc/passwd", "text"); } catch (e) { print(e.code); }',
    ),
  ),
  is(
    'Artifact.save_to_file',
    ['5', 'hello', 'permission.write'],
    lua(
      'local id = Artifact.store(sid, "text", "a", "hello")\nprint(Artifact.save_to_file(sid, id, "out.txt").size)\nprint(io.open("out.txt"):read("a"))\npcall(Artifact.save_to_file, sid, id, "/etc/llmspell")\nprint(Debug.last_error().code)',
    ),
    js(
      'const id = Artifact.store(sid, "text", "a", "hello");\nprint(Artifact.saveToFile(sid, id, "out.txt").size);\nprint(Tool.execute("file-operations", { operation: "read", path: "out.txt" }).text);\ntry { Artifact.saveToFile(sid, id, "/etc/llmspell"); } catch (e) { print(e.code); }',
    ),
  ),
  is(
    'Artifact.query',
    ['report.txt', '2'],
    lua(
      'Artifact.store(sid, "text", "report.txt", "x", { tags = { "final" } })\nArtifact.store(sid, "text", "other", "x")\nprint(Artifact.query({ session_id = sid, name_pattern = "*.txt", tags = { "final" } })[1].name)\nprint(#Artifact.query())',
    ),
    js(
      'Artifact.store(sid, "text", "report.txt", "x", { tags: ["final"] });\nArtifact.store(sid, "text", "other", "x");\nprint(Artifact.query({ session_id: sid, name_pattern: "*.txt", tags: ["final"] })[0].name);\nprint(Artifact.query().length);',
    ),
  ),
  is(
    'Artifact.find_by_tag',
    ['1 0'],
    lua(
      'Artifact.store(sid, "text", "a", "x", { tags = { "t" } })\nprint(#Artifact.find_by_tag("t"), #Artifact.find_by_tag("u"))',
    ),
    js(
      'Artifact.store(sid, "text", "a", "x", { tags: ["t"] });\nprint(Artifact.findByTag("t").length, Artifact.findByTag("u").length);',
    ),
  ),
  is(
    'Artifact.find_by_type',
    ['1 0'],
    lua(
      'Artifact.store(sid, "Tool_Result", "a", "x")\nprint(#Artifact.find_by_type("tool_result"), #Artifact.find_by_type("u"))',
    ),
    js(
      'Artifact.store(sid, "Tool_Result", "a", "x");\nprint(Artifact.findByType("tool_result").length, Artifact.findByType("u").length);',
    ),
  ),
  is(
    'Artifact.update',
    ['seen x'],
    lua(
      'local id = Artifact.store(sid, "text", "a", "x")\nArtifact.update(sid, id, { tags = { "seen" } })\nlocal got = Artifact.get(sid, id)\nprint(got.metadata.tags[1], got.content)',
    ),
    js(
      'const id = Artifact.store(sid, "text", "a", "x");\nArtifact.update(sid, id, { tags: ["seen"] });\nconst got = Artifact.get(sid, id);\nprint(got.metadata.tags[0], got.content);',
    ),
  ),
  is(
    'Artifact.versions',
    ['2 true'],
    lua(
      'Artifact.store(sid, "text", "a", "x")\nArtifact.store(sid, "text", "a", "y")\nlocal all = Artifact.versions(sid, "a")\nprint(#all, all[2].parent_artifact == all[1].content_hash)',
    ),
    js(
      'Artifact.store(sid, "text", "a", "x");\nArtifact.store(sid, "text", "a", "y");\nconst all = Artifact.versions(sid, "a");\nprint(all.length, all[1].parent_artifact === all[0].content_hash);',
    ),
  ),
  is(
    'Artifact.verify',
    ['0'],
    lua('Artifact.store(sid, "text", "a", "x")\nprint(#Artifact.verify(sid))'),
    js('Artifact.store(sid, "text", "a", "x");\nprint(Artifact.verify(sid).length);'),
  ),
  is(
    'Artifact.collect_garbage',
    ['1 0'],
    lua(
      'Artifact.delete(sid, Artifact.store(sid, "text", "a", "x"))\nlocal first = Artifact.collect_garbage(-60).blobs\nprint(first, Artifact.collect_garbage(-60).blobs)',
    ),
    js(
      'Artifact.delete(sid, Artifact.store(sid, "text", "a", "x"));\nconst first = Artifact.collectGarbage(-60).blobs;\nprint(first, Artifact.collectGarbage(-60).blobs);',
    ),
  ),
];
