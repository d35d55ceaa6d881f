// A machine of its own: node ids.mjs ORDER prints the ids of releases, with the library that is installed in LIBRARY.
import { createRequire } from "node:module";
import { join } from "node:path";

const { library, releases } = JSON.parse(process.argv[2]);
const { hashFiles, makeRelease } = createRequire(join(library, "program.js"))("pulumi-delivery");

const ids = releases.map(({ root, patterns, images, schema }) => {
  const content = { commit: "0".repeat(40), sources: hashFiles(root, patterns), images };
  return makeRelease("shop", { ...content, ...(schema && { schema }) }).id;
});
const place = new Intl.DateTimeFormat().resolvedOptions();
process.stdout.write(JSON.stringify({ ids, place: `${place.locale} ${place.timeZone}` }));
