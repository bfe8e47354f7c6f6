// node server.js [PORT] serves the fragment at the port, or at that of PORT, or at 7001.

import { createServer } from "node:http";
import { fragment, name } from "./fragment.js";

const server = createServer(fragment);
server.listen(Number(process.argv[2] ?? process.env.PORT ?? 7001), "127.0.0.1", () => {
  console.log(`serving ${name} at http://127.0.0.1:${server.address().port}/list`);
});
