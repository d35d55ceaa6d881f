#!/usr/bin/env node
import "./shell/compile-cache";
import { runDelivery } from "./shell/run";

void runDelivery(process.argv.slice(2), process).then((code) => {
  process.exitCode = code;
});
