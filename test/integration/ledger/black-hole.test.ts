import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readLedger } from "../../../components/ledger";

it("a server that swallows connections is given up in seconds, not after the minutes that Git would wait", async () => {
  const folder = mkdtempSync(join(tmpdir(), "black-hole-"));
  try {
    // A black hole cannot be had on the loopback interface: this is all that Git does in front of one.
    const git = '#!/bin/sh\necho "== Info:   Trying 192.0.2.1:443..." > "$GIT_TRACE_CURL"\nexec sleep 600\n';
    writeFileSync(join(folder, "git"), git);
    chmodSync(join(folder, "git"), 0o755);
    const environment = { PATH: `${folder}:${process.env["PATH"]}` };
    const location = { repository: "https://git.example.com/acme/deploy.git", branch: "main" };
    const began = performance.now();
    const reading = readLedger(location, { environment, maxWaitSeconds: 1 });
    await expect(reading).rejects.toMatchObject({ failure: "unreachable" });
    await expect(reading).rejects.toThrow("Failed to connect within 10 s");
    expect(performance.now() - began).toBeLessThan(15_000);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
