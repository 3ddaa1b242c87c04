-- Answers a question about a folder of Markdown documents, and says in which file and line the answer stands.
--
--   llmspell run examples/ask-docs.lua docs "How do I grant a spell access to a host?"
--   llmspell run examples/ask-docs.lua docs "What is a spell?" --model openai/gpt-4o-mini --allow-net=api.openai.com
--   llmspell run examples/ask-docs.lua --history
--
-- Without --model nothing but this machine is needed: offline/extract quotes the documents. The answer is printed;
-- how much was read, and how long it took, goes to stderr.

local folder = ARGS[1] or "docs"
local question = arg[2] and table.concat(arg, " ", 2) or "What is llmspell?"
local asked = State.load("ask-docs", "questions") or {}

if ARGS.history then
  for number, earlier in ipairs(asked) do print(number .. ". " .. earlier) end
  return
end

local function markdown_files(directory, found)
  local listing = Tool.execute("file-operations", { operation = "list_dir", path = directory })
  for _, entry in ipairs(listing.result.entries) do
    local path = directory .. "/" .. entry.name
    if entry.type == "directory" then
      markdown_files(path, found)
    elseif entry.name:find("%.md$") then
      found[#found + 1] = path
    end
  end
  return found
end

local timer = Debug.timer("ask-docs")
local files, bytes, prompt = markdown_files(folder, {}), 0, { question }
if #files == 0 then error("There are no Markdown files in " .. folder, 0) end
for _, path in ipairs(files) do
  local document = Tool.execute("file-operations", { operation = "read", path = path }).result
  bytes = bytes + document.size
  prompt[#prompt + 1] = ('<document path="%s">\n%s\n</document>'):format(path, document.content)
end

local reader = Agent.builder()
  :name("reader")
  :model(ARGS.model or "offline/extract")
  :system_prompt("Answer from the documents only. Cite every statement as [path:line].")
  :build()
print(reader:execute({ text = table.concat(prompt, "\n\n") }).text)

asked[#asked + 1] = question
State.save("ask-docs", "questions", { table.unpack(asked, math.max(1, #asked - 9)) })
io.stderr:write(("%d files, %d bytes, %.0f ms\n"):format(#files, bytes, timer:stop()))
