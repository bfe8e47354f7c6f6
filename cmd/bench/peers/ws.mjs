// A server of npm's ws by its README, for comparison with the hub. cmd/bench
// starts it and gives it orders over stdin and stdout, in lines of JSON-RPC as
// Go's net/rpc/jsonrpc writes them.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const { WebSocketServer, WebSocket } = createRequire(process.argv[2])("ws");

const http = createServer();
const server = new WebSocketServer({ server: http, perMessageDeflate: false });
server.on("connection", (socket) => socket.on("error", () => {}));

const orders = {
  "Server.Greet": () => ({ Address: `127.0.0.1:${http.address().port}`, Epoch: "none", Hello: "" }),
  "Server.Settle": () => {
    gc();
    gc();
    const { heapUsed } = process.memoryUsage();
    return { Resident: resident(), Heap: heapUsed, Stacks: 0, Goroutines: 0 };
  },
  "Server.Usage": () => {
    const { user, system } = process.cpuUsage();
    return (user + system) * 1000; // nanoseconds
  },
  "Server.Change": ({ Views, Revision, Size }) => {
    for (let i = 0; i < Views; i++) {
      const message = `<div id="view-${i}" data-revision="${Revision}">`.padEnd(Size - 6, ".") + "</div>";
      server.clients.forEach((client) => {
        if (client.readyState === WebSocket.OPEN) client.send(message);
      });
    }
    return {};
  },
};

function resident() {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"));
  return kilobytes * 1024;
}

http.listen(0, "127.0.0.1", 4096, () => {
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    const { id, method, params } = JSON.parse(line);
    const answer = orders[method] ? { id, result: orders[method](params[0]), error: null } : { id, result: null, error: `no ${method}` };
    process.stdout.write(JSON.stringify(answer) + "\n");
  });
  lines.on("close", () => process.exit(0));
});
