import { rmSync } from "node:fs";
import { createAdaptorServer } from "@hono/node-server";
import { controlApp } from "./control-app.ts";
import { Switchboard } from "./switchboard.ts";

/** The proxy's process: `node main.ts SOCKET`. It starts without routes, and ends with SIGTERM. */
const [socket] = process.argv.slice(2);
if (socket === undefined) throw new Error("Name the control socket: main.ts SOCKET");
const board = new Switchboard();
const control = createAdaptorServer({ fetch: controlApp(board).fetch });
process.on("SIGTERM", () => {
  board.close();
  control.close();
  rmSync(socket, { force: true });
  process.exit(0);
});
// Left by a process that was killed; a live one is never started twice in one sandbox.
rmSync(socket, { force: true });
process.umask(0o077);
control.listen(socket);
