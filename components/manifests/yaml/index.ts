export { checkData, isFields } from "./data";
export { MAX_ALIASED_NODES, MAX_DEPTH, MAX_KEY_LENGTH, MAX_YAML_BYTES, MAX_YAML_OBJECTS } from "./limits";
export { parseYaml } from "./read";
export type { YamlSource } from "./read";
export { toYaml } from "./write";
