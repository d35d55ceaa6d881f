import type * as Glob from "tinyglobby";
import type * as Yaml from "yaml";

/**
 * Libraries that take a good part of the time of importing this one, loaded by the first call that needs them: a
 * program that applies or commits what was rendered often needs none.
 */
export const libraries = {
  get yaml(): typeof Yaml {
    return require("yaml") as typeof Yaml;
  },
  get glob(): typeof Glob {
    return require("tinyglobby") as typeof Glob;
  },
};
