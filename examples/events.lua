-- Events: handlers that hear what is published, queues that wait to be read, and the past.
-- Run it like this; it prints what was heard.
--   llmspell run examples/events.lua
Event.subscribe("job.*", function(event)
  print("heard", event.event_type, event.data.id)
end)

local queue = Event.subscribe("*.failed")
Event.publish("job.started", { id = 1 })
Event.publish("job.failed", { id = 1, why = "no paper" })

local event = Event.receive(queue, 1000)
print("queued", event.event_type, event.data.why)
print("nothing more", Event.receive(queue, 10))
print("in the past", #Event.history("job.*"))
