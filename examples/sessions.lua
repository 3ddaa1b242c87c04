-- Work that goes on over several runs: a session with state, artifacts and a status.
-- Run it like this; it prints what the session holds at each step.
--   llmspell run examples/sessions.lua
local id = Session.builder():name("report"):tag("demo"):build()
Session.set_current(id)

State.save("session:" .. id, "topic", "rivers")
Artifact.store(id, "agent_output", "report.md", "# Rivers\n", { mime_type = "text/markdown" })
Artifact.store(id, "agent_output", "report.md", "# Rivers\nA river begins as a spring.\n")

Session.suspend(id)
print(Session.get(id).status, pcall(Artifact.store, id, "text", "late.txt", "too late") and "stored" or "refused")

-- Another process could do this, tomorrow: Session.load(id), or `llmspell run --session ID`.
Session.resume(id)
for _, artifact in ipairs(Artifact.list(id)) do
  print(artifact.name, "version " .. artifact.version, artifact.size .. " bytes")
end
print(State.load("session:" .. id, "topic"))

Session.complete(id, { versions = 2 })
print(Session.get(id).status, Session.get(id).summary.versions)
