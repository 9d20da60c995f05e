namespace Notify.Sending.Limits;

/// <summary>The shared token bucket of one credential.</summary>
internal static class BucketScript
{
    /// <summary>
    /// KEYS[1] holds "tokens updated paused", both times in microseconds of the server's own clock, so that replicas' clocks do not matter.
    /// A missing key is a full bucket: a flushed Redis costs at most one burst, and an idle key may go once it would be full.
    /// Critical is served first, and down to nothing; the rest only down to the reserve. Times go out in microseconds.
    /// </summary>
    public const string Text = """
        local rate, capacity, reserve = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
        local back, standard, critical = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
        local standardRoom, criticalRoom, pause = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
        local time = redis.call('TIME')
        local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
        local tokens, paused = capacity, 0
        local kept = redis.call('GET', KEYS[1])
        if kept then
          local keptTokens, updated, keptPaused = string.match(kept, '^(%S+) (%S+) (%S+)$')
          if keptTokens then
            tokens = tonumber(keptTokens) + math.max(0, now - tonumber(updated)) * rate / 1000000
            paused = tonumber(keptPaused)
          end
        end
        tokens = math.min(capacity, tokens + back)
        if pause > 0 then paused = math.max(paused, now + pause) end
        local standardGiven, criticalGiven = 0, 0
        if paused <= now then
          criticalGiven = math.max(0, math.min(critical, math.floor(tokens)))
          standardGiven = math.max(0, math.min(standard, math.floor(tokens - criticalGiven - reserve)))
          tokens = tokens - criticalGiven - standardGiven
        end
        if back > 0 or pause > 0 or criticalGiven > 0 or standardGiven > 0 then
          local life = paused - now
          if rate > 0 then life = math.max(life, (capacity - tokens) / rate * 1000000) end
          life = math.min(math.max(life, 0) / 1000 + 1000, 1e12)
          redis.call('SET', KEYS[1], string.format('%.17g %.0f %.0f', tokens, now, paused), 'PX', string.format('%.0f', math.ceil(life)))
        end
        local function wait(wanted)
          if rate == 0 then return 0 end
          return math.ceil(math.min(math.max(0, (wanted - tokens) / rate), 86400) * 1000000)
        end
        return { standardGiven, criticalGiven, wait(reserve + standardRoom), wait(criticalRoom), math.max(0, paused - now) }
        """;
}
