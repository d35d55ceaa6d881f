/** Deepest nesting of an object, in levels. The deepest built-in kind has about 30, a large CRD's schema about 60. */
export const MAX_DEPTH = 100;
/** Longest key, in characters: readers of YAML look 1,024 ahead for the colon, and quoting makes a key longer. */
export const MAX_KEY_LENGTH = 256;
/** Largest text that is read as YAML, in bytes. */
export const MAX_YAML_BYTES = 32 * 1024 * 1024;
/**
 * Longest document of a text, in characters: one that is dense takes 40 times its size while it is parsed. No object is as
 * large, and few lists of objects are.
 */
export const MAX_DOCUMENT_LENGTH = 8 * 1024 * 1024;
/** Longest text in quotes, in characters: an API server takes objects of 1.5 MiB at most. */
export const MAX_QUOTED_LENGTH = 1.5 * 1024 * 1024;
/** Most objects in one text. */
export const MAX_YAML_OBJECTS = 20_000;
/** Most values that aliases and merge keys may add to one text: enough for shared blocks, not for a bomb. */
export const MAX_ALIASED_NODES = 10_000;
