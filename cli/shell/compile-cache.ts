import * as nodeModule from "node:module";

// Compiled code is kept in the temporary folder, which halves the start. Node 22.0 lacks it, and works without.
nodeModule.enableCompileCache?.();
