import { isIP } from "node:net";
import { checkAnnotations } from "../labels";
import { checkDnsLabel, checkDnsSubdomain, shown } from "../names";
import type { AppArgs } from "./args";
import { isWhole, MAX_INT32 } from "./check-pod";
import { DEFAULT_PROTOCOL } from "./reach-args";
import type {
  Amount,
  ClaimArgs,
  DisruptionArgs,
  HttpRouteArgs,
  IngressArgs,
  Peer,
  PortArgs,
} from "./reach-args";
import { PORT_NAME } from "./service";

const MAX_PORT = 65_535;
/** Longest name of a StatefulSet: its pods' label `controller-revision-hash` has 11 characters more. */
const MAX_STATEFUL_NAME = 52;

/** Problems of how a service is reached, kept and scaled. */
export function checkReach(args: AppArgs): string[] {
  const { ports = [], stateful, scaling, disruption, ingress, route, network } = args;
  const peers = { from: network?.from ?? [], to: network?.to ?? [] };
  return [
    ...checkPort("port", args.port),
    ...checkPorts(args.port, ports),
    ...(stateful === undefined ? [] : checkStateful(args.name, stateful.claims)),
    ...(scaling === undefined ? [] : checkScaling(scaling.min, scaling.max, scaling.cpu)),
    ...(disruption === undefined ? [] : checkDisruption(disruption)),
    ...(ingress === undefined ? [] : checkIngress(ingress)),
    ...(route === undefined ? [] : checkRoute(route)),
    ...Object.entries(peers).flatMap(([side, list]) =>
      list.flatMap((peer, index) => checkPeer(`network.${side}[${index}]`, peer)),
    ),
  ];
}

function checkPort(field: string, port: unknown): string[] {
  return isWhole(port, 1, MAX_PORT)
    ? []
    : [`${field} is ${shown(port)}; give a whole number from 1 to ${MAX_PORT}`];
}

/** Source: Kubernetes, "Service", and RFC 6335 for names of ports. */
const PORT_NAME_RULE = /^(?=.*[a-z])[a-z0-9]([a-z0-9]|-(?!-)){0,13}[a-z0-9]$|^[a-z]$/;

function checkPorts(main: number, ports: readonly PortArgs[]): string[] {
  const names = [PORT_NAME, ...ports.map(({ name }) => name)];
  const keys = [
    `${main}/${DEFAULT_PROTOCOL}`,
    ...ports.map(({ port, protocol }) => `${port}/${protocol ?? DEFAULT_PROTOCOL}`),
  ];
  return ports.flatMap(({ name, port }, index) => {
    const rule = 'give up to 15 of a-z, 0-9 and "-", with a letter';
    return [
      ...(PORT_NAME_RULE.test(name) ? [] : [`ports[${index}].name is ${shown(name)}; ${rule}`]),
      ...(names.indexOf(name) === index + 1
        ? []
        : [`ports[${index}].name is ${shown(name)}, which is taken`]),
      ...checkPort(`ports[${index}].port`, port),
      ...(keys.indexOf(keys[index + 1] ?? "") === index + 1
        ? []
        : [`ports[${index}].port is ${port}, which is taken`]),
    ];
  });
}

const QUANTITY = /^[1-9][0-9]*(\.[0-9]+)?([kMGTPE]i?)?$/;

function checkStateful(name: string, claims: readonly ClaimArgs[]): string[] {
  const tooLong = name.length > MAX_STATEFUL_NAME;
  return [
    ...(tooLong ? [`name has ${name.length} characters; a StatefulSet's may have ${MAX_STATEFUL_NAME}`] : []),
    ...claims.flatMap(({ name: claim, path, size, storageClass }, index) => [
      ...checkDnsLabel(`stateful.claims[${index}].name`, claim),
      ...(path.startsWith("/")
        ? []
        : [`stateful.claims[${index}].path is ${shown(path)}; begin it with "/"`]),
      ...(QUANTITY.test(size)
        ? []
        : [`stateful.claims[${index}].size is ${shown(size)}; give an amount, as "10Gi"`]),
      ...(storageClass === undefined
        ? []
        : checkDnsSubdomain(`stateful.claims[${index}].storageClass`, storageClass)),
    ]),
  ];
}

function checkScaling(min: number, max: number, cpu: number | undefined): string[] {
  const problems = isWhole(min, 1, MAX_INT32)
    ? []
    : [`scaling.min is ${shown(min)}; give a whole number, 1 or more`];
  if (!isWhole(max, 1, MAX_INT32) || max < min) {
    problems.push(`scaling.max is ${shown(max)}; give a whole number, ${shown(min)} or more`);
  }
  if (cpu !== undefined && !isWhole(cpu, 1, MAX_INT32)) {
    problems.push(`scaling.cpu is ${shown(cpu)}; give percent of the requested CPU, as 80`);
  }
  return problems;
}

function checkDisruption(disruption: DisruptionArgs): string[] {
  const entries = Object.entries(disruption) as [string, Amount][];
  const isAmount = (amount: Amount): boolean =>
    isWhole(amount, 0, MAX_INT32) || /^([0-9]|[1-9][0-9]|100)%$/.test(String(amount));
  if (entries.length !== 1) return ["disruption has to have one of maxUnavailable and minAvailable"];
  return entries.flatMap(([field, amount]) =>
    isAmount(amount) ? [] : [`disruption.${field} is ${shown(amount)}; give a count, or a part as "25%"`],
  );
}

function checkIngress({ host, path = "/", className, tlsSecret, annotations }: IngressArgs): string[] {
  return [
    ...checkHost("ingress.host", host),
    ...(path.startsWith("/") ? [] : [`ingress.path is ${shown(path)}; begin it with "/"`]),
    ...(className === undefined ? [] : checkDnsSubdomain("ingress.className", className)),
    ...(tlsSecret === undefined ? [] : checkDnsSubdomain("ingress.tlsSecret", tlsSecret)),
    ...checkAnnotations("ingress.annotations", annotations),
  ];
}

function checkHost(field: string, host: string): string[] {
  return checkDnsSubdomain(field, host.startsWith("*.") ? host.slice(2) : host);
}

function checkRoute({ hostnames = [], gateway, path = "/" }: HttpRouteArgs): string[] {
  return [
    ...hostnames.flatMap((host, index) => checkHost(`route.hostnames[${index}]`, host)),
    ...checkDnsSubdomain("route.gateway.name", gateway.name),
    ...(gateway.namespace === undefined ? [] : checkDnsLabel("route.gateway.namespace", gateway.namespace)),
    ...(gateway.section === undefined ? [] : checkDnsSubdomain("route.gateway.section", gateway.section)),
    ...(path.startsWith("/") ? [] : [`route.path is ${shown(path)}; begin it with "/"`]),
  ];
}

function checkPeer(at: string, peer: Peer & { readonly ports?: readonly number[] }): string[] {
  const ports = (peer.ports ?? []).flatMap((port, index) => checkPort(`${at}.ports[${index}]`, port));
  if ("cidr" in peer) return [...checkCidr(`${at}.cidr`, peer.cidr), ...ports];
  const { namespace } = peer;
  return [
    ...("app" in peer ? checkDnsLabel(`${at}.app`, peer.app) : []),
    ...(namespace === undefined ? [] : checkDnsLabel(`${at}.namespace`, namespace)),
    ...ports,
  ];
}

function checkCidr(field: string, cidr: string): string[] {
  const [address = "", length, ...more] = cidr.split("/");
  const most = { 4: 32, 6: 128 }[isIP(address)];
  const isSound =
    most !== undefined && more.length === 0 && /^\d{1,3}$/.test(length ?? "") && Number(length) <= most;
  return isSound ? [] : [`${field} is ${shown(cidr)}; give addresses, as "10.0.0.0/8"`];
}
