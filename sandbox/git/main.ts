import { readSettings } from "./state/index.ts";
import { startServer } from "./server.ts";
import { openWorld } from "./world.ts";

/** How long requests in flight may go on after SIGTERM, in milliseconds. */
const GRACE_MS = 3_000;

const [root] = process.argv.slice(2);
if (root === undefined) throw new Error("Usage: node main.ts FOLDER (the folder that startGitServer made)");
const settings = readSettings(root);
if (settings === undefined)
  throw new Error(`${root} has no server.json: start the server with startGitServer.`);
const { server, spool } = await startServer(openWorld(root, settings));

process.on("SIGTERM", () => {
  setTimeout(() => process.exit(0), GRACE_MS).unref();
  server.close(() => void spool.stop().then(() => process.exit(0)));
  server.closeIdleConnections();
});
