/** The `delivery` command of this checkout, compiled: `npm run delivery -- promote dev`. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { CHECKOUT } from "../sandbox/paths.ts";

createRequire(import.meta.url)(join(CHECKOUT, "dist", "cli", "main.js"));
