import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { askVersion } from "../../../sandbox/toolchain/ask.ts";
import { builds, ensureTiny, openWorkshop, pathOfTiny, wrapGo, writePlugin, writeScript } from "./support.ts";
import type { Workshop } from "./support.ts";

let workshop: Workshop;
beforeEach(async () => {
  workshop = openWorkshop();
  // Nothing is compiled here: a build leaves a script that says it was built.
  await wrapGo(
    workshop,
    `while [ "$1" != -o ]; do shift; done; printf '#!/bin/sh\\necho 1.2.3\\n' > "$2"; exit 0`,
  );
});
afterEach(() => rmSync(workshop.root, { recursive: true, force: true }));

const folder = (name: string): string => join(workshop.root, name);
const withTools = (...names: string[]): Workshop => {
  const DELIVERY_TOOLS_PATH = names.map(folder).join(":");
  return { ...workshop, env: { ...workshop.env, DELIVERY_TOOLS_PATH } };
};

describe("a tool that is there already", () => {
  it("is used from DELIVERY_TOOLS_PATH, before PATH, and nothing is built", async () => {
    const named = writeScript(join(folder("named"), "tiny"), "echo tiny 1.2.9");
    writeScript(join(workshop.bin, "tiny"), "echo tiny 1.2.8");
    expect(pathOfTiny(await ensureTiny(withTools("named")))).toBe(named);
    expect(builds(workshop)).toEqual([]);
  });

  it("is used from PATH when nothing else is named", async () => {
    const onPath = writeScript(join(workshop.bin, "tiny"), "echo tiny v1.3.0-rc.1+abc");
    expect(pathOfTiny(await ensureTiny(workshop))).toBe(onPath);
    expect(builds(workshop)).toEqual([]);
  });

  it("is passed over in a version that does not fit, for a later folder with one that does", async () => {
    writeScript(join(folder("old"), "tiny"), "echo tiny 1.1.9");
    const good = writeScript(join(folder("good"), "tiny"), "echo tiny 1.2.0");
    expect(pathOfTiny(await ensureTiny(withTools("old", "good")))).toBe(good);
  });

  it("is passed over in a wrong version even in DELIVERY_TOOLS_PATH, said so, and built instead", async () => {
    const wrong = writeScript(join(folder("wrong"), "tiny"), "echo tiny 2.0.0");
    const result = await ensureTiny(withTools("wrong"));
    expect(pathOfTiny(result)).toContain(workshop.cache);
    expect(result.stderr).toContain(`${wrong} is 2.0.0, not 1.2.0 or newer, below 2.0.0`);
    expect(builds(workshop)).toHaveLength(1);
  });

  it("is trusted without its version stamp in DELIVERY_TOOLS_PATH, and only there", async () => {
    const unstamped = writeScript(join(folder("ours"), "tiny"), "echo tiny 0.0.0+unknown");
    expect(pathOfTiny(await ensureTiny(withTools("ours")))).toBe(unstamped);
    writeScript(join(workshop.bin, "tiny"), "echo tiny 0.0.0+unknown");
    expect(pathOfTiny(await ensureTiny(workshop))).toContain(workshop.cache);
  });

  it("is passed over when it fails or says no version", async () => {
    writeScript(join(folder("broken"), "tiny"), "echo tiny 1.2.3; exit 1");
    writeScript(join(folder("mute"), "tiny"), "exit 0");
    expect(pathOfTiny(await ensureTiny(withTools("broken", "mute")))).toContain(workshop.cache);
  });
});

describe("a Pulumi plugin", () => {
  it("says its version over the plugin protocol", async () => {
    const plugin = writePlugin(join(workshop.bin, "pulumi-resource-fake"), "4.5.6");
    expect(await askVersion(plugin, { by: "plugin" })).toBe("4.5.6");
  });

  it("has no version when it ends without answering", async () => {
    const plugin = writeScript(join(workshop.bin, "pulumi-resource-fake"), "exit 1");
    expect(await askVersion(plugin, { by: "plugin" })).toBeUndefined();
  });
});
