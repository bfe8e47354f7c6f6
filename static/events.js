// The event streams of selvedge.js, which loads this module where WebSockets do
// not work.

// A browser opens six connections to a host, over all its tabs, unless it speaks
// HTTP/2. Streams take three of them: other tabs poll, and hidden ones give
// theirs back.
const most = 3;
const [navigation] = performance.getEntriesByType("navigation");
const isLimited = !/^h[23]/.test(navigation?.nextHopProtocol);

// listen reads server-sent events until the stream ends or signal is aborted. An
// EventSource does not show comments, by which the server gives signs of life.
export function listen(url, signal, channel, isLive, apply) {
  return withSlot(0, signal, channel, async () => {
    const answer = await fetch(url, { headers: { Accept: "text/event-stream" }, signal });
    if (!isLive(answer)) return;
    channel.opened();
    if (isLimited) restWhenHidden(signal, channel);
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let text = ""; ; ) {
      const { done, value } = await reader.read();
      if (done) return;
      channel.heard();
      const events = (text + value).split("\n\n");
      text = events.pop();
      for (const event of events) apply((event.match(/^data: .*/gm) ?? []).map((line) => line.slice(6)).join("\n"));
    }
  });
}

// withSlot calls use while it holds one of the slots for streams, which all tabs
// share. Without a free one the channel is mute.
function withSlot(number, signal, channel, use) {
  if (!isLimited || !navigator.locks) return use(); // only secure origins have locks
  if (number === most) return channel.mute();
  return navigator.locks.request("selvedge-events-" + number, { ifAvailable: true },
    (lock) => lock && !signal.aborted && use().then(() => true, () => true))
    .then((used) => used === null && withSlot(number + 1, signal, channel, use));
}

// restWhenHidden gives the stream back when its page has been hidden for a while.
function restWhenHidden(signal, channel) {
  const rest = () => document.hidden && !signal.aborted && channel.rest();
  document.addEventListener("visibilitychange", () => setTimeout(rest, 5000), { signal });
}
