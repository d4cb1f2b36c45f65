-- Makes the requests of one operation for wrk. The templates come in LOAD_METHOD, LOAD_PATH, LOAD_BODY, LOAD_TOKEN; the ids in the
-- files LOAD_CONTACTS and LOAD_ACCOUNTS. Marks: {contact} {account} {status} {letter} {number} {phone}. The last line is JSON.
local threads, next_thread = {}, 0
local statuses = { "new", "active", "qualified", "inactive", "lost" }
local method, path, body
wrong, shown = 0, 0

function setup(thread)
  next_thread = next_thread + 1
  thread:set("seed", next_thread)
  table.insert(threads, thread)
end

local function lines(name)
  local list = {}
  for line in io.lines(os.getenv(name)) do list[#list + 1] = line end
  return list
end

function init()
  math.randomseed(seed * 7919)
  local contacts, accounts = lines("LOAD_CONTACTS"), lines("LOAD_ACCOUNTS")
  local marks = {
    contact = function() return contacts[math.random(#contacts)] end,
    account = function() return accounts[math.random(#accounts)] end,
    status = function() return statuses[math.random(5)] end,
    letter = function() return string.char(64 + math.random(26)) end,
    number = function() return tostring(math.random(1000000)) end,
    phone = function() return "+1" .. math.random(1000000, 9999999) end,
  }
  local function template(text)
    return function() return (text:gsub("{(%a+)}", function(mark) return marks[mark] and marks[mark]() end)) end
  end
  method = os.getenv("LOAD_METHOD") or "GET"
  path = template(os.getenv("LOAD_PATH"))
  local text = os.getenv("LOAD_BODY")
  if text then body = template(text) end
  wrk.headers["Content-Type"] = body and "application/json" or nil
  local token = os.getenv("LOAD_TOKEN")
  if token then wrk.headers["Authorization"] = "Bearer " .. token end
end

function request() return wrk.format(method, path(), nil, body and body()) end

function response(status, _, text)
  if status < 300 then return end
  wrong = wrong + 1
  if wrong == 1 then io.stderr:write(status, " ", text:sub(1, 300), "\n") end
end

function done(summary, latency)
  local failed = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  for _, thread in ipairs(threads) do failed = failed + thread:get("wrong") end
  io.write(string.format('{"perSecond":%.1f,"p50":%.2f,"p99":%.2f,"failed":%d}\n',
    summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1000, latency:percentile(99) / 1000, failed))
end
