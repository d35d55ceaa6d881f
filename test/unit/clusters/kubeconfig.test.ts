import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { stringify } from "yaml";
import { checkKubeconfig, readKubeconfigs } from "../../../components/clusters";

const CANARY = "canary-3f9a77";
const ORIGIN = "its kubeconfig";

interface Access {
  readonly context?: string;
  readonly cluster?: object;
  readonly user?: object;
}

/** A kubeconfig of one context, whose cluster and user have its name. */
function kubeconfig({ context = "eu", cluster = {}, user = { token: CANARY } }: Access = {}): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": context,
    clusters: [{ name: context, cluster: { server: "https://eu.example.com:6443", ...cluster } }],
    contexts: [{ name: context, context: { cluster: context, user: context } }],
    users: [{ name: context, user }],
  });
}

describe("a kubeconfig", () => {
  it("is taken by its current context, or by a named one", () => {
    expect(checkKubeconfig([kubeconfig()], ORIGIN)).toEqual([]);
    expect(checkKubeconfig([kubeconfig()], ORIGIN, "eu")).toEqual([]);
  });

  it("may be JSON, which is YAML, too", () => {
    const text =
      '{"clusters":[{"name":"a","cluster":{"server":"https://a"}}],"users":[{"name":"a","user":{}}]';
    expect(
      checkKubeconfig(
        [`${text},"contexts":[{"name":"a","context":{"cluster":"a","user":"a"}}]}`],
        ORIGIN,
        "a",
      ),
    ).toEqual([]);
  });

  it.each([
    ["is empty", ""],
    ["is a path", "/home/me/.kube/config"],
    ["is a list", "- a\n- b\n"],
    ["is cut off", `${kubeconfig().slice(0, 60)}"`],
    ["has the same key twice", `clusters: []\nclusters: []\ntoken: ${CANARY}\n`],
    ["has a list that is none", "clusters: text\ncontexts: []\nusers: []\n"],
    ["has a list of nothing", "clusters: [null]\ncontexts: [null]\nusers: []\n"],
    ["has none of its fields", `token: ${CANARY}\n`],
    ["has an alias", `clusters: &a []\ncontexts: *a\ntoken: ${CANARY}\n`],
    ["is a bomb of aliases", `a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nclusters: [*c]\n`],
  ])("that %s is refused in one sentence without a value of it", (_what, text) => {
    const problems = checkKubeconfig([text], ORIGIN);
    expect(problems).toEqual([
      'its kubeconfig is no kubeconfig: it is not YAML with "clusters", "contexts" and "users"; get it again',
    ]);
  });

  it("that is an object is refused with the way to make text of it", () => {
    const object = { clusters: [], token: CANARY } as unknown as string;
    expect(checkKubeconfig([object], ORIGIN)).toEqual([
      "its kubeconfig is of type object, not text; give JSON.stringify of it",
    ]);
  });

  it("without the context is refused with those that it has", () => {
    expect(checkKubeconfig([kubeconfig()], ORIGIN, "us")).toEqual([
      'its kubeconfig has no context "us"; it has "eu": correct the name or add the context',
    ]);
  });

  it.each(["", undefined])(
    "without a current context (%j) is refused when no context is named",
    (current) => {
      const text = kubeconfig().replace("current-context: eu", `current-context: ${current ?? ""}`);
      expect(checkKubeconfig([text], ORIGIN)).toEqual([
        'its kubeconfig has no current-context; name one with "context"',
      ]);
    },
  );

  it("whose context names what is not there is refused with all of it", () => {
    const text = stringify({
      clusters: [],
      users: [],
      contexts: [{ name: "eu", context: { cluster: "c", user: "u" } }],
    });
    expect(checkKubeconfig([text], ORIGIN, "eu")).toEqual([
      'its kubeconfig has no cluster "c", which its context names',
      'its kubeconfig has no user "u", which its context names',
    ]);
  });

  it.each(["constructor", "__proto__", "toString"])("does not have a context named %s by itself", (name) => {
    expect(checkKubeconfig([kubeconfig()], ORIGIN, name)).toHaveLength(1);
  });

  it.each([undefined, 7, "", "eu.example.com:6443", "localhost:6443", "ftp://a", "http://eu.example.com"])(
    "whose server is %j is refused: credentials would go to it in the clear, or nowhere",
    (server) => {
      expect(checkKubeconfig([kubeconfig({ cluster: { server } })], ORIGIN)).toEqual([
        'its kubeconfig has the cluster "eu", whose server is no https address; correct it',
      ]);
    },
  );

  it.each(["http://127.0.0.1:8001", "http://localhost:8001", "http://[::1]:8001"])(
    "may have the server %s of this machine, as kubectl proxy has",
    (server) => {
      expect(checkKubeconfig([kubeconfig({ cluster: { server } })], ORIGIN)).toEqual([]);
    },
  );

  it("that trusts any certificate is refused, without the credentials of its address", () => {
    const cluster = { server: `https://me:${CANARY}@eu.example.com`, "insecure-skip-tls-verify": true };
    const [problem, ...others] = checkKubeconfig([kubeconfig({ cluster })], ORIGIN);
    expect(others).toEqual([]);
    expect(problem).toContain("does not check the certificate of eu.example.com");
    expect(problem).not.toContain(CANARY);
    const allowed = { allowInsecureTls: true };
    expect(checkKubeconfig([kubeconfig({ cluster })], ORIGIN, undefined, allowed)).toEqual([]);
  });

  it("says nothing to the terminal of what it could not read: a warning shows the line, and so the token", () => {
    const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    checkKubeconfig([kubeconfig().replace(CANARY, `!unknown ${CANARY}`)], ORIGIN);
    expect(warned).not.toHaveBeenCalled();
    warned.mockRestore();
  });
});

describe("a kubeconfig that was given as text", () => {
  const inline = { inline: { allowExec: ["other"] } };

  it.each([
    [{ user: { exec: { command: "aws", args: [CANARY] } } }, /runs the program "aws" .*allowExec: \["aws"\]/],
    [{ user: { "auth-provider": { name: "gcp" } } }, /auth-provider/],
    [{ user: { "client-key": "/k" } }, /names the file "\/k" in client-key.*--flatten/],
    [{ user: { "client-certificate": "c" } }, /client-certificate/],
    [{ user: { tokenFile: "t" } }, /tokenFile/],
    [{ cluster: { "certificate-authority": "ca.crt" } }, /certificate-authority/],
  ])("may not reach out to this machine with %j", (access, sentence) => {
    const [problem, ...others] = checkKubeconfig([kubeconfig(access)], ORIGIN, undefined, inline);
    expect(others).toEqual([]);
    expect(problem).toMatch(sentence);
    expect(problem).not.toContain(CANARY);
  });

  it("may run a program when that is allowed by its name, and only then", () => {
    const text = kubeconfig({ user: { exec: { command: "aws" } } });
    expect(checkKubeconfig([text], ORIGIN, undefined, { inline: { allowExec: ["aws"] } })).toEqual([]);
    expect(checkKubeconfig([text], ORIGIN, undefined, inline)).toHaveLength(1);
    const all = { inline: { allowExec: true as unknown as string[] } };
    expect(checkKubeconfig([text], ORIGIN, undefined, all)).toHaveLength(1);
  });

  it("may do all of that when it is the user's own file", () => {
    const text = kubeconfig({ user: { exec: { command: "aws" }, "client-key": "/k" } });
    expect(checkKubeconfig([text], ORIGIN)).toEqual([]);
  });
});

describe("kubeconfigs that are merged", () => {
  it("have the first one's current context and, of each name, the first one's entry", () => {
    const broken = kubeconfig({ context: "eu", cluster: { server: "nowhere" } });
    const texts = [kubeconfig({ context: "us" }), kubeconfig({ context: "eu" }), broken];
    expect(checkKubeconfig(texts, ORIGIN)).toEqual([]);
    expect(checkKubeconfig(texts, ORIGIN, "eu")).toEqual([]);
    expect(checkKubeconfig(texts.toReversed(), ORIGIN, "eu")).toHaveLength(1);
  });

  it("may each have a part: contexts in one, clusters in another, users in a third, nothing in a fourth", () => {
    const part = (field: string): string =>
      stringify({ [field]: (JSON.parse(JSON.stringify(parts)) as Record<string, unknown>)[field] });
    const parts = {
      contexts: [{ name: "eu", context: { cluster: "eu", user: "me" } }],
      clusters: [{ name: "eu", cluster: { server: "https://eu" } }],
      users: [{ name: "me", user: { token: CANARY } }],
    };
    const texts = [part("contexts"), part("clusters"), part("users"), "", "# nothing yet\n"];
    expect(checkKubeconfig(texts, ORIGIN, "eu")).toEqual([]);
  });

  it("take the current context of the first that has one", () => {
    const empty = kubeconfig({ context: "us" }).replace("current-context: us", 'current-context: ""');
    expect(checkKubeconfig([empty, kubeconfig({ context: "eu" })], ORIGIN)).toEqual([]);
  });
});

describe("the kubeconfig files in use", () => {
  let home = "";
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "delivery-kube-"));
  });
  afterEach(() => {
    rmSync(home, { recursive: true });
  });
  const file = (name: string, text: string): string => {
    writeFileSync(join(home, name), text);
    return join(home, name);
  };

  it("are those of KUBECONFIG in order, without the ones that do not exist", () => {
    const [one, two] = [file("one", "1"), file("two", "2")];
    const KUBECONFIG = ["", two, join(home, "missing"), one].join(delimiter);
    expect(readKubeconfigs({ KUBECONFIG, HOME: home })).toMatchObject({ texts: ["2", "1"], problems: [] });
  });

  it.each([undefined, ""])("are ~/.kube/config when KUBECONFIG is %j", (KUBECONFIG) => {
    mkdirSync(join(home, ".kube"));
    const path = file(".kube/config", "home");
    expect(readKubeconfigs({ KUBECONFIG, HOME: home })).toEqual({
      texts: ["home"],
      folders: [join(home, ".kube")],
      origin: path,
      problems: [],
    });
  });

  it("are said to be missing, with their paths and the remedy", () => {
    const { problems } = readKubeconfigs({ HOME: home });
    expect(problems).toEqual([
      `none of its kubeconfig files can be read: ${join(home, ".kube/config")}; set KUBECONFIG to one that exists`,
    ]);
  });

  it("are said to be unreadable when one is: without it another cluster could be taken", () => {
    const folder = join(home, "folder");
    mkdirSync(folder);
    const { problems } = readKubeconfigs({ KUBECONFIG: [file("one", "1"), folder].join(delimiter) });
    expect(problems).toEqual([`${folder} cannot be read (EISDIR); correct it or take it out of KUBECONFIG`]);
  });
});
