import { request } from "node:http";
import { startService } from "../processes/index.ts";
import { makePrivateDir } from "./files.ts";
import { etcdDir } from "./layout.ts";
import { etcdPart, etcdSocket } from "./parts.ts";
import type { ClusterTools } from "./parts.ts";

/** The process that all clusters share. */
export const ETCD_SERVICE = "etcd";

export async function startEtcd(dir: string, tools: ClusterTools): Promise<void> {
  const home = etcdDir(dir);
  makePrivateDir(home);
  const ready = async (): Promise<boolean> => isHealthy(etcdSocket(home));
  await startService(dir, { ...etcdPart(tools, home), name: ETCD_SERVICE, cwd: home, ready });
}

/** Its socket is there before it answers, and an API server that finds it silent waits a second before it asks again. */
async function isHealthy(socketPath: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, path: "/health", timeout: 1_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    sent.on("timeout", () => sent.destroy(new Error("no answer"))).on("error", reject);
    sent.end();
  });
}
