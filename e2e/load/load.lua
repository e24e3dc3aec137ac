-- What does wrk send? Whole requests from a file of templates, each with event ids of its own (UUIDv7), as fast as it can.
-- The file: templates with a line "\n%%%%\n" between them, "@" 36 times wherever an id belongs. `load.py` writes it.
local ffi = require("ffi")
ffi.cdef [[ typedef struct { long seconds; long us; } instant; int gettimeofday(instant *, void *); ]]
local now, marker, templates, turn = ffi.new("instant"), string.rep("@", 36), {}, 0

local function pieces(template)
  local found, from = {}, 1
  while true do
    local first, last = template:find(marker, from, true)
    if not first then break end
    found[#found + 1] = template:sub(from, first - 1)
    found[#found + 1] = ""
    from = last + 1
  end
  found[#found + 1] = template:sub(from)
  return found
end

local random, format = math.random, string.format

local function uuid7()
  ffi.C.gettimeofday(now, nil)
  local ms = tonumber(now.seconds) * 1000 + math.floor(tonumber(now.us) / 1000)
  return format("%08x-%04x-7%03x-%04x-%06x%06x", math.floor(ms / 65536), ms % 65536, random(0, 4095),
    random(32768, 49151), random(0, 16777215), random(0, 16777215))
end

function init(args)
  ffi.C.gettimeofday(now, nil)
  math.randomseed(tonumber(now.seconds) * 1000000 + tonumber(now.us))
  local file = assert(io.open(args[1], "rb"))
  local all = file:read("*a") .. "\n%%%%\n"
  file:close()
  for template in all:gmatch("(.-)\n%%%%%%%%\n") do templates[#templates + 1] = pieces(template) end
end

function request()
  turn = turn % #templates + 1
  local parts = templates[turn]
  for i = 2, #parts, 2 do parts[i] = uuid7() end
  return table.concat(parts)
end

function done(summary, latency)
  local errors = summary.errors
  print(format('RESULT {"requests": %d, "seconds": %.6f, "p50_ms": %.3f, "p99_ms": %.3f, "failed": %d}',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
