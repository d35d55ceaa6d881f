import { invalid, notFound } from "../refusals.ts";
import { readList, timestamp, writeList } from "../state/index.ts";
import type { Repository, Ruleset } from "../state/index.ts";
import { optionalText, readBody, requiredText, texts } from "./body.ts";
import type { Body } from "./body.ts";
import { newApi, numberParam, requirePermission } from "./context.ts";
import type { Api, ApiContext } from "./context.ts";
import { pageOf } from "./pages.ts";

/** Rulesets of a repository's branches. */
export function createRulesetRoutes(): Api {
  const api = newApi();
  api.get("/rulesets", (c) => c.json(pageOf(c, readList(c.var.repository.dir, "rulesets")).map(render(c))));
  api.post("/rulesets", async (c) => {
    requirePermission(c, "admin");
    const now = timestamp();
    const made = {
      id: c.var.world.ids.next(),
      ...parseRuleset(await readBody(c)),
      created_at: now,
      updated_at: now,
    };
    save(c.var.repository, made);
    return c.json(render(c)(made), 201);
  });
  api.get("/rulesets/:id", (c) => c.json(render(c)(find(c))));
  api.put("/rulesets/:id", async (c) => {
    requirePermission(c, "admin");
    const changed = { ...find(c), ...parseRuleset(await readBody(c)), updated_at: timestamp() };
    save(c.var.repository, changed);
    return c.json(render(c)(changed));
  });
  api.delete("/rulesets/:id", (c) => {
    requirePermission(c, "admin");
    const { dir } = c.var.repository;
    writeList(dir, "rulesets", without(c.var.repository, find(c).id));
    return c.body(null, 204);
  });
  return api;
}

function find(c: ApiContext): Ruleset {
  const id = numberParam(c, "id");
  const found = readList(c.var.repository.dir, "rulesets").find((ruleset) => ruleset.id === id);
  if (found === undefined) throw notFound();
  return found;
}

const without = ({ dir }: Repository, id: number): readonly Ruleset[] =>
  readList(dir, "rulesets").filter((ruleset) => ruleset.id !== id);

function save(repository: Repository, ruleset: Ruleset): void {
  writeList(repository.dir, "rulesets", [...without(repository, ruleset.id), ruleset]);
}

const render =
  (c: ApiContext) =>
  (ruleset: Ruleset): Ruleset & Record<"source_type" | "source" | "node_id", string> => {
    const { owner, name } = c.var.repository;
    return {
      ...ruleset,
      source_type: "Repository",
      source: `${owner}/${name}`,
      node_id: `RRS_${ruleset.id}`,
    };
  };

function parseRuleset(body: Body): Omit<Ruleset, "id" | "created_at" | "updated_at"> {
  const refName = ((body["conditions"] ?? {}) as Body)["ref_name"] as Body | undefined;
  if (refName === undefined) throw invalid("Ruleset", "conditions", "conditions.ref_name is missing");
  return {
    name: requiredText(body, "name"),
    target: optionalText(body, "target") ?? "branch",
    enforcement: requiredText(body, "enforcement"),
    conditions: { ref_name: { include: texts(refName, "include"), exclude: texts(refName, "exclude") } },
    rules: (body["rules"] ?? []) as Ruleset["rules"],
    bypass_actors: (body["bypass_actors"] ?? []) as Ruleset["bypass_actors"],
  };
}
