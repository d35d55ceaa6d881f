// A program that uses the library, in a process of its own: node driver.mjs ORDER. It runs in the folder of a project,
// and its last line is JSON. Beside the project lies an installed library.
import { createRequire } from "node:module";
import { join } from "node:path";

const { command, root, releases, environment, settings, jiti } = JSON.parse(process.argv[2]);
const project = createRequire(join(root, "infra", "pipeline.ts"));
const library = project("pulumi-delivery");
const { manifestFiles } = library;

function loadPipeline() {
  const { createJiti } = project(jiti);
  return createJiti(root, { moduleCache: false, fsCache: false })(join(root, "infra", "pipeline.ts"))
    .pipeline;
}

const pipeline = loadPipeline();

/** What every cluster is told to run: where it came from, its hash and its bytes. */
function render(release) {
  const lists = library.renderEnvironment(pipeline, { root, release, environment, settings });
  return Object.fromEntries(
    [...lists].map(([cluster, { by, contentHash, objects }]) => [
      cluster,
      { by, contentHash, objects, files: Object.fromEntries(manifestFiles(objects)) },
    ]),
  );
}

function makeRelease() {
  const { app, images, source } = pipeline;
  const digest = `sha256:${"a".repeat(64)}`;
  const refs = Object.keys(images).map((name) => [name, `registry.example.com/acme/${name}@${digest}`]);
  return library.makeRelease(app, {
    commit: library.lastCommit(root, [...source.paths, ...source.pipeline]),
    sources: library.hashFiles(root, source.pipeline),
    images: Object.fromEntries(refs),
  });
}

const commands = {
  /** The release that the checkout makes, and its lists. */
  make() {
    const release = makeRelease();
    return { release, lists: render(release) };
  },
  render: () => releases.map(render),
};

function answer() {
  try {
    return { result: commands[command]() };
  } catch (error) {
    return { problems: error.problems ?? [error.message] };
  }
}

process.stdout.write(`\n${JSON.stringify(answer())}`);
