import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";

/** Every resource of the GitHub provider that the library and its users may need, once. */
const config = new pulumi.Config();
const provider = new github.Provider("sandbox", {
  baseUrl: config.require("url"),
  token: config.requireSecret("token"),
  owner: config.require("owner"),
  writeDelayMs: 1,
});
const options = { provider };
const after = (...dependsOn) => ({ provider, dependsOn });

const repository = new github.Repository(
  "repository",
  { name: "shop", description: "A shop", visibility: "private", autoInit: true, topics: ["one", "two"] },
  options,
);
const home = new github.BranchDefault("home", { repository: repository.name, branch: "main" }, options);
const branch = new github.Branch(
  "branch",
  { repository: repository.name, branch: "deploy/shop/prod" },
  after(home),
);
const file = new github.RepositoryFile(
  "file",
  {
    repository: repository.name,
    branch: branch.branch,
    file: "clusters/eu-1/app.yaml",
    content: config.get("content") ?? "kind: ConfigMap\n",
    commitMessage: "Publish the manifests",
    commitAuthor: "Publisher",
    commitEmail: "publisher@example.com",
  },
  options,
);
new github.RepositoryDeployKey(
  "key",
  {
    repository: repository.name,
    title: "agent",
    key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIH3Yz0lqJk2rGZCV2pOQMnqmYXSkpCpYxX3y6K9tQbVd agent@example.com",
    readOnly: true,
  },
  options,
);
new github.RepositoryWebhook(
  "webhook",
  {
    repository: repository.name,
    events: ["push"],
    configuration: {
      url: config.require("receiver"),
      contentType: "json",
      secret: config.requireSecret("secret"),
    },
  },
  options,
);
const environment = new github.RepositoryEnvironment(
  "environment",
  {
    repository: repository.name,
    environment: "prod",
    waitTimer: 5,
    preventSelfReview: true,
    reviewers: [{ users: [config.requireNumber("reviewer")] }],
    deploymentBranchPolicy: { protectedBranches: false, customBranchPolicies: true },
  },
  options,
);
new github.RepositoryEnvironmentDeploymentPolicy(
  "policy",
  { repository: repository.name, environment: environment.environment, branchPattern: "release/*" },
  options,
);
new github.ActionsVariable(
  "variable",
  { repository: repository.name, variableName: "REGION", value: "eu" },
  options,
);
new github.ActionsSecret(
  "secret",
  { repository: repository.name, secretName: "API_KEY", value: config.requireSecret("secret") },
  options,
);
new github.ActionsEnvironmentVariable(
  "environment-variable",
  { repository: repository.name, environment: environment.environment, variableName: "REGION", value: "us" },
  options,
);
new github.ActionsEnvironmentSecret(
  "environment-secret",
  {
    repository: repository.name,
    environment: environment.environment,
    secretName: "API_KEY",
    value: config.requireSecret("secret"),
  },
  options,
);
const pull = new github.RepositoryPullRequest(
  "pull",
  {
    baseRepository: repository.name,
    baseRef: "main",
    headRef: branch.branch,
    title: "Promote",
    body: "To prod",
  },
  after(file),
);
new github.BranchProtectionV3(
  "protection",
  {
    repository: repository.name,
    branch: "main",
    enforceAdmins: true,
    requiredStatusChecks: { strict: true, checks: ["build"] },
    requiredPullRequestReviews: { requiredApprovingReviewCount: 1, dismissStaleReviews: true },
  },
  after(pull),
);

export const cloneUrl = repository.httpCloneUrl;
export const commit = file.commitSha;
export const number = pull.number;
