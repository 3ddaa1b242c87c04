-- What sound and film files say about themselves, and what it takes to change them.
--
--   llmspell run examples/sound-and-film.lua
--
-- Prints the length of a tone that is made here. Converting it starts ffmpeg, which needs --allow-run=ffmpeg.

local path = os.tmpname()
local function write(bytes)
  local file = assert(io.open(path, "wb"))
  file:write(bytes)
  file:close()
end

-- Two seconds of a tone at 440 Hz, as a wave file.
local rate, samples = 8000, {}
for i = 0, 2 * rate - 1 do
  samples[#samples + 1] = string.pack("<i2", math.floor(8000 * math.sin(2 * math.pi * 440 * i / rate)))
end
local data = table.concat(samples)
local format = string.pack("<I2I2I4I4I2I2", 1, 1, rate, rate * 2, 2, 16)
write("RIFF" .. string.pack("<I4", 36 + #data) .. "WAVEfmt " .. string.pack("<s4", format) .. "data" .. string.pack("<s4", data))

local tone = Tool.execute("audio-processor", { file_path = path }).result.metadata
print(("%s: %.1f s, %d Hz, %d bits"):format(tone.format, tone.duration_seconds, tone.sample_rate, tone.bits_per_sample))

local ok = pcall(Tool.execute, "audio-processor", {
  operation = "convert", source_path = path, target_path = path .. ".mp3",
})
print("converted: " .. tostring(ok) .. ", " .. Debug.last_error().code)

-- A playlist that is called a film is not one: it could name any other file.
write("#EXTM3U\n#EXTINF:10,\n/etc/passwd\n")
local film = Tool.execute("video-processor", { operation = "detect", file_path = path }).result
print("the playlist: " .. film.format .. ", supported: " .. tostring(film.supported))

os.remove(path)
