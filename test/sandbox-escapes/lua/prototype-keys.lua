-- attack: keys that mean something to JavaScript are data on the way there and back
-- expect: value {"__proto__":{"polluted":1},"constructor":"c","toString":1,"prototype":{"polluted":1}}
State.save("global", "keys", { __proto__ = { polluted = 1 }, constructor = "c", toString = 1, prototype = { polluted = 1 } })
return JSON.parse(JSON.stringify(State.load("global", "keys")))
