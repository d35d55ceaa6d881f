import type { Command } from "../shell/contract";

export const SHELLS = ["bash", "zsh", "fish"] as const;

export const completion: Command = {
  name: "completion",
  summary: "Print a script with which a shell completes delivery's words",
  details: "It knows commands, options and their values, and the environments by their stacks' files.",
  arguments: [{ name: "SHELL", summary: "bash, zsh or fish", required: false, offer: SHELLS }],
  options: [
    { name: "environments", summary: "print the environments' names instead, as the scripts ask for" },
  ],
  examples: [
    { line: 'eval "$(delivery completion bash)"', what: "in ~/.bashrc" },
    { line: "delivery completion zsh > ~/.zfunc/_delivery", what: "with fpath+=~/.zfunc before compinit" },
    { line: "delivery completion fish > ~/.config/fish/completions/delivery.fish", what: "once" },
  ],
  load: async () => (await import("../completion/run.js")).completion,
};
