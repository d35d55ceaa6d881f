import { readFileSync } from "node:fs";
import { createAdaptorServer } from "@hono/node-server";
import { createLimiter } from "./limiter.ts";
import type { HubSettings } from "./settings.ts";
import { createSigner } from "./signing.ts";
import { tokenApp } from "./token-app.ts";

/** What makes a registry behave as Docker Hub does, in one process: `node main.ts SETTINGS`. Ends with SIGTERM. */
const [path] = process.argv.slice(2);
if (path === undefined) throw new Error("Name the settings: main.ts SETTINGS");
const settings = JSON.parse(readFileSync(path, "utf8")) as HubSettings;
const app = tokenApp(settings, createSigner(readFileSync(settings.key, "utf8")));
const host = "127.0.0.1";
createAdaptorServer({ fetch: app.fetch }).listen({ host, port: settings.ports.token });
createLimiter(settings.ports.registry, settings.pullLimit).listen({ host, port: settings.ports.limiter });
process.on("SIGTERM", () => process.exit(0));
