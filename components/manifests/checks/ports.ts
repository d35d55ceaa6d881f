import { fieldsOf, listOf } from "../fields";
import type { Fields } from "../fields";
import { isLate } from "../late";
import type { Manifest } from "../manifest";
import { shown } from "../names";
import { titleOf } from "../origin";
import type { PodTemplate } from "../pods";

/**
 * Problems of a Service's ports: a named one that no container of its pods has, and a numbered one that is not among
 * those that its pods declare. Pods that declare no port at all may listen on any.
 */
export function checkServicePorts(manifest: Manifest, pods: readonly PodTemplate[]): string[] {
  const declared = pods.flatMap(declaredPorts);
  const isOpen = pods.some(hasLatePorts);
  return listOf(fieldsOf(manifest.spec).ports).flatMap((port, index) => {
    const { target, field } = targetOf(port);
    if (target === undefined || isLate(target) || isOpen || hasPort(declared, target)) return [];
    const known = declared
      .flatMap(({ name, containerPort }) => [name, containerPort])
      .filter((one) => one !== undefined);
    const fix = `name one of ${known.map(shown).join(", ") || "them in the pod template"}`;
    const at = `${titleOf(manifest)}: spec.ports[${index}].${field}`;
    return [`${at} is ${shown(target)}, which no container of its pods has; ${fix}`];
  });
}

function targetOf({ port, targetPort }: Fields): { target: unknown; field: string } {
  return targetPort === undefined
    ? { target: port, field: "port" }
    : { target: targetPort, field: "targetPort" };
}

/** Of the containers that run as long as the pod does: an init container that is restarted always is a sidecar. */
function declaredPorts({ spec }: PodTemplate): Fields[] {
  const sidecars = listOf(spec.initContainers).filter(({ restartPolicy }) => restartPolicy === "Always");
  return [...listOf(spec.containers), ...sidecars].flatMap(({ ports }) => listOf(ports));
}

/** Whether some container, or its list of ports, is known only later: the port may be there. */
function hasLatePorts({ isSpecLate, spec }: PodTemplate): boolean {
  const lists = [spec.containers, spec.initContainers];
  const items = lists.flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : [list]));
  const ports = items.flatMap((item) => {
    const { ports: list } = fieldsOf(item);
    return Array.isArray(list) ? (list as unknown[]) : [list];
  });
  return isSpecLate || [...items, ...ports].some(isLate);
}

function hasPort(declared: readonly Fields[], target: unknown): boolean {
  if (typeof target !== "number") return declared.some(({ name }) => name === target || isLate(name));
  const numbered = declared.some(({ containerPort }) => containerPort === target || isLate(containerPort));
  return declared.length === 0 || numbered;
}
