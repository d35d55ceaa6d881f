import type { LiveObject, ObjectRef } from "../clusters/api";
import type { Manifest } from "../manifests";
import type { Duration } from "./duration";

/** Where an agent reads what one cluster is told to run: a folder of a branch. */
export interface AgentSource {
  /** Name of everything that is made for the stack in the cluster. */
  readonly name: string;
  /** The stack's own: nothing refers to another one. */
  readonly namespace: string;
  /** Address of the repository as the agent reaches it. */
  readonly repository: string;
  readonly branch: string;
  /** `clusters/<name>` */
  readonly folder: string;
  /** How often the agent looks for a new commit. */
  readonly interval: Duration;
  /** Name of the Secret with the read-only credentials; undefined for a public repository. */
  readonly secret: string | undefined;
}

/** How an agent applies what it has read. */
export interface AgentSync extends Pick<AgentSource, "name" | "namespace" | "folder"> {
  /** The account that everything is applied as. */
  readonly serviceAccount: string;
  /** How often what others have changed in the cluster is put right. */
  readonly interval: Duration;
  /** How soon a failed release is tried again. */
  readonly retryInterval: Duration;
  /** How long a release may take to be healthy. */
  readonly timeout: Duration;
  /** Name of the Secret with the key for what is encrypted; undefined when nothing is. */
  readonly decryption: string | undefined;
  readonly suspended: boolean;
}

/** The flags and parts that an agent is installed with. */
export interface AgentInstallArgs {
  /** The agent's published install manifests, as they were read. */
  readonly published: readonly Manifest[];
  /** Of the distribution, as `2.9.4`. */
  readonly version: string;
  readonly components: readonly string[];
  /** Digest of each component's image, by component. @default the tags of the published manifests */
  readonly digests?: Readonly<Record<string, string>> | undefined;
}

/** Where an agent is with a stack. */
export interface AgentStatus {
  /**
   * - `absent`: there is no such agent, or it has not been told of the stack
   * - `working`: it has not come to an end yet
   * - `healthy`: what it has applied is healthy
   * - `failed`: it gave a revision up, and says why
   * - `suspended`: somebody has told it to stop
   */
  readonly state: "absent" | "working" | "healthy" | "failed" | "suspended";
  /** The commit that the state is about; undefined before the first. */
  readonly commit: string | undefined;
  /** The last request to look again that it has answered. */
  readonly handled: string | undefined;
  /** The last request to look at the repository that it has answered, so it could read it then. */
  readonly looked: string | undefined;
  /** Its own words. */
  readonly message: string;
  /** The folder that it applies; undefined where it does not say. */
  readonly folder?: string | undefined;
  /** Whether it cannot read the repository. */
  readonly source: "readable" | "unreadable";
}

/** What {@link PullAgent.readStatus} looks at, by the same names. */
export type AgentObjects<T> = Readonly<Record<"source" | "sync", T>>;

/**
 * A program in a cluster that applies what a branch says. Everything here is a pure function of plain data; an agent
 * is one folder that passes the contract's tests.
 */
export interface PullAgent {
  readonly name: string;
  /** The objects of the agent itself, locked down: it can do nothing that no stack has allowed. */
  install(args: AgentInstallArgs): readonly Manifest[];
  /** What tells the agent where to read. */
  source(source: AgentSource): readonly Manifest[];
  /** What tells the agent to apply it, and as whom. */
  sync(sync: AgentSync): readonly Manifest[];
  /** Where the objects are that say how far it is. */
  objects(stack: Pick<AgentSource, "name" | "namespace">): AgentObjects<ObjectRef>;
  /** Its other objects for a stack that it has to let go, too, when the stack is taken from it. */
  others(stack: Pick<AgentSource, "name" | "namespace">): readonly ObjectRef[];
  /** What they say. */
  readStatus(live: AgentObjects<LiveObject | undefined>): AgentStatus;
  /** The annotation whose change makes the agent look at an object again at once. */
  readonly requestAnnotation: string;
  /** Where it is installed. */
  readonly namespace: string;
  /** Its own account, which acts as those of the stacks. */
  readonly controller: string;
  /** The parts of its installation that have to be there, as Deployments of its namespace. */
  readonly required: readonly string[];
}
