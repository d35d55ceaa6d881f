import type { Manifest } from "../manifest";
import type { App } from "./args";
import { replicas, REVISION_HISTORY_LIMIT } from "./deployment";
import { objectLabels, selectorLabels } from "./labels";
import { exceptionAnnotations, podSpec, templateMetadata } from "./pod";
import type { ClaimArgs, StatefulArgs } from "./reach-args";
import { mainContainer, podServiceName } from "./service";

export function statefulSetManifest(app: App, { claims }: StatefulArgs): Manifest {
  const mounts = claims.map(({ name, path }) => ({ name, mountPath: path }));
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: app.name, labels: objectLabels(app), ...exceptionAnnotations(app) },
    spec: {
      ...replicas(app),
      revisionHistoryLimit: REVISION_HISTORY_LIMIT,
      serviceName: podServiceName(app),
      selector: { matchLabels: selectorLabels(app) },
      template: { metadata: templateMetadata(app), spec: podSpec(app, mainContainer(app), mounts) },
      ...(claims.length > 0 ? { volumeClaimTemplates: claims.map(claimTemplate) } : {}),
    },
  };
}

function claimTemplate({ name, size, storageClass }: ClaimArgs): Record<string, unknown> {
  return {
    metadata: { name },
    spec: {
      accessModes: ["ReadWriteOnce"],
      ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
      resources: { requests: { storage: size } },
    },
  };
}
