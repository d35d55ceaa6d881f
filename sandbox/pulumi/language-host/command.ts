import type { RuntimeOptions } from "./options.ts";

/** What the engine asks for in one run, as plain data. */
export interface RunOrder {
  readonly project: string;
  readonly stack: string;
  readonly organization: string;
  readonly rootDirectory: string;
  readonly programDirectory: string;
  /** A file or folder in the program's directory; "." is the directory itself. */
  readonly entryPoint: string;
  readonly args: readonly string[];
  readonly config: Readonly<Record<string, string>>;
  readonly configSecretKeys: readonly string[];
  readonly dryRun: boolean;
  readonly parallel: number;
  readonly monitorAddress: string;
  readonly options: RuntimeOptions;
}

/** Where the two sides of the run are. */
export interface RunPlaces {
  readonly engineAddress: string;
  /** The file that runs it. */
  readonly runner: string;
  /** The file of `@pulumi/pulumi/cmd/run` that belongs to the program. */
  readonly runModule: string;
}

/**
 * How a program above this one describes its own run to its libraries. A `pulumi` that was started by a Pulumi
 * program inherits them; they must not leak into the run below (its preview would make ours a preview).
 */
const OF_ANOTHER_RUN = [
  "PULUMI_NODEJS_DRY_RUN",
  "PULUMI_NODEJS_ENGINE",
  "PULUMI_NODEJS_MONITOR",
  "PULUMI_NODEJS_ORGANIZATION",
  "PULUMI_NODEJS_PARALLEL",
  "PULUMI_NODEJS_PROJECT",
  "PULUMI_NODEJS_ROOT_DIRECTORY",
  "PULUMI_NODEJS_STACK",
  "PULUMI_NODEJS_SYNC",
  "PULUMI_NODEJS_TYPESCRIPT",
];

/** The arguments of Node for this run. Configuration is not among them: any user can read a command line. */
export function nodeArguments(order: RunOrder, places: RunPlaces): string[] {
  const flags: [string, string][] = [
    ["monitor", order.monitorAddress],
    ["engine", places.engineAddress],
    ["organization", order.organization],
    ["project", order.project],
    ["root-directory", order.rootDirectory],
    ["stack", order.stack],
    ["pwd", order.programDirectory],
    ["parallel", String(order.parallel)],
  ];
  const given = flags.filter(([, value]) => value !== "").flatMap(([name, value]) => [`--${name}`, value]);
  const dryRun = order.dryRun ? ["--dry-run"] : [];
  return [
    ...order.options.nodeargs,
    places.runner,
    places.runModule,
    ...given,
    ...dryRun,
    order.entryPoint || ".",
    ...order.args,
  ];
}

/** The environment of the program: that of the host, the configuration, and how its TypeScript is read. */
export function programEnvironment(
  order: RunOrder,
  inherited: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  const kept = Object.entries(inherited).filter(([name]) => !OF_ANOTHER_RUN.includes(name));
  const { typescript, tsconfig } = order.options;
  return {
    ...Object.fromEntries(kept),
    PULUMI_CONFIG: JSON.stringify(order.config),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(order.configSecretKeys),
    ...(typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
    ...(tsconfig === undefined ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
  };
}
