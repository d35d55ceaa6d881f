import { describe, expect, it } from "vitest";
import { besideCluster } from "../../../sandbox/flux/arguments.ts";

const places = {
  ports: { health: 20_001, storage: 20_002, events: 20_003, receiver: 20_004 },
  storage: "/sandbox/storage",
};

describe("the arguments of a controller beside its cluster", () => {
  it("are those of the Deployment, with loopback addresses and nobody to elect", () => {
    const installed = ["--watch-all-namespaces", "--enable-leader-election", "--no-remote-bases=true"];
    expect(besideCluster("kustomize-controller", installed, places)).toEqual([
      "--watch-all-namespaces",
      "--no-remote-bases=true",
      "--metrics-addr=0",
      "--health-addr=127.0.0.1:20001",
    ]);
  });

  it("send events only where the installation does", () => {
    const args = besideCluster(
      "kustomize-controller",
      ["--events-addr=http://notification-controller./"],
      places,
    );
    expect(args).toContain("--events-addr=http://127.0.0.1:20003/");
  });

  it("keep artifacts in the sandbox, and serve them on the loopback interface", () => {
    const installed = ["--storage-path=/data", "--storage-adv-addr=source-controller.svc."];
    expect(besideCluster("source-controller", installed, places)).toEqual([
      "--metrics-addr=0",
      "--health-addr=127.0.0.1:20001",
      "--storage-path=/sandbox/storage",
      "--storage-addr=127.0.0.1:20002",
      "--storage-adv-addr=127.0.0.1:20002",
    ]);
  });
});
