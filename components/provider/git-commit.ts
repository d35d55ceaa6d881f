import { createHash } from "node:crypto";
import { publish } from "../ledger/publish/publish";
import { withdraw } from "../ledger/publish/withdraw";
import type { LedgerRuntime, Publication } from "../ledger/publish/args";
import { Claims } from "../ledger/resource/claims";
import { UNKNOWN, checkInputs, fingerprint, publishArgs, settingsOf } from "../ledger/resource/inputs";
import type { GitCommitInputs, GitCommitOutputs } from "../ledger/resource/inputs";
import { refresh } from "../ledger/resource/refresh";
import type { Refreshed } from "../ledger/resource/refresh";
import { unreachable } from "../ledger/read/probe";
import { Mistake } from "../mistake";

/** What the engine hands over before anything else: the stack's configuration. */
interface ConfigureRequest {
  readonly config: { readonly get: (key: string) => string | undefined };
}

interface CheckResult {
  readonly inputs: GitCommitInputs;
  readonly failures: readonly { readonly property: string; readonly reason: string }[];
}

interface DiffResult {
  readonly changes: boolean;
  readonly replaces: readonly string[];
}

const ID_LENGTH = 16;
const NO_IMPORT = "declare it instead: what the branch has already is adopted without a commit";
const claims = new Claims();
/** By address, that a server was asked whether it is there: once for a program, before anything is changed. */
const probes = new Map<string, Promise<void>>();
let runtime: LedgerRuntime = {};

/** One commit on a branch that has the content of some folders; see `GitCommit`. */
export const gitCommit = {
  async configure({ config }: ConfigureRequest): Promise<void> {
    runtime = { config: (name) => config.get(name) };
  },

  /** Failures name no property, since the engine would print its value: all files at once. */
  async check(olds: Partial<GitCommitInputs>, news: GitCommitInputs): Promise<CheckResult> {
    const problems = [...checkInputs(olds, news), ...claims.claim(news)];
    const isRun = runtime.config !== undefined;
    if (isRun && problems.length === 0 && isNew(olds, news)) await sayUnreachable(news);
    return { inputs: news, failures: problems.map((reason) => ({ property: "", reason })) };
  },

  async diff(_id: string, olds: GitCommitOutputs, news: GitCommitInputs): Promise<DiffResult> {
    const replaces = (["repository", "branch"] as const).filter((field) => olds[field] !== news[field]);
    // A proposal is looked at again each time: it may have been merged.
    const changes = olds.fingerprint !== fingerprint(news) || olds.result === "proposed";
    return { changes, replaces };
  },

  async create(inputs: GitCommitInputs): Promise<{ id: string; outs: GitCommitOutputs }> {
    const { repository, branch, prefixes } = inputs;
    const place = JSON.stringify([repository, branch, prefixes]);
    const id = createHash("sha256").update(place).digest("hex").slice(0, ID_LENGTH);
    return { id, outs: outputsOf(inputs, await publish(known(inputs), runtime)) };
  },

  async update(
    _id: string,
    olds: GitCommitOutputs,
    news: GitCommitInputs,
  ): Promise<{ outs: GitCommitOutputs }> {
    const args = { ...known(news), known: { head: olds.head, trees: olds.trees } };
    return { outs: outputsOf(news, await publish(args, runtime)) };
  },

  async read(
    id: string,
    props: GitCommitOutputs,
  ): Promise<{ id: string; props: GitCommitOutputs; inputs?: GitCommitInputs }> {
    if (props.repository === undefined) throw new Mistake("Import of a GitCommit", [NO_IMPORT]);
    const { outs, inputs }: Refreshed = await refresh(props, runtime);
    return { id, props: outs, ...(inputs === undefined ? {} : { inputs }) };
  },

  /** A folder that another resource of the program has taken over stays. */
  async delete(_id: string, props: GitCommitOutputs): Promise<void> {
    const prefixes = claims.unclaimed(props, props.prefixes);
    if (props.teardown === "keep" || prefixes.length === 0) return;
    const { repository, branch, access, author, signing, pullRequest, message, head, trees } = props;
    await withdraw(
      {
        repository,
        branch,
        prefixes,
        known: { head, trees },
        message: { subject: `Remove ${prefixes.join(", ")}`, stack: message.stack },
        ...(access === undefined ? {} : { access }),
        ...(author === undefined ? {} : { author }),
        ...(signing === undefined ? {} : { signing }),
        ...(pullRequest === undefined ? {} : { pullRequest }),
      },
      runtime,
    );
  },
};

/** Whether there is something to publish: a server that nobody needs is not asked. */
function isNew(olds: Partial<GitCommitInputs>, news: GitCommitInputs): boolean {
  return olds.files === undefined || fingerprint(olds as GitCommitInputs) !== fingerprint(news);
}

/** The engine shows what its plugins print, in a preview too. */
async function sayUnreachable({ repository, branch, access }: GitCommitInputs): Promise<void> {
  const location = { repository, branch, ...(access === undefined ? {} : { access }) };
  const probe = async (): Promise<void> => {
    const problem = await unreachable(location, runtime);
    if (problem !== undefined) process.stderr.write(`warning: ${problem}\n`);
  };
  const known = probes.get(repository) ?? probe();
  probes.set(repository, known);
  await known;
}

/** @throws Mistake when a value is still unknown: it would be published as the text that stands for it. */
function known(inputs: GitCommitInputs): ReturnType<typeof publishArgs> {
  const unknown = Object.entries(inputs.files).filter(([, text]) => text.includes(UNKNOWN));
  if (unknown.length === 0) return publishArgs(inputs);
  const paths = unknown.map(([path]) => path).join(", ");
  throw new Mistake("Publication", [`the content of ${paths} is not known, so nothing was published`]);
}

function outputsOf(inputs: GitCommitInputs, publication: Publication): GitCommitOutputs {
  return { ...settingsOf(inputs), ...publication, fingerprint: fingerprint(inputs) };
}
