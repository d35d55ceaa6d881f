import tseslint from "typescript-eslint";

/** The budgets of rule 15: small files, small functions, few parameters, shallow nesting. */
const budgets = {
  "max-lines": ["error", { max: 200, skipBlankLines: true, skipComments: true }],
  "max-lines-per-function": ["error", { max: 30, skipBlankLines: true, skipComments: true }],
  "max-params": ["error", 4],
  "max-depth": ["error", 2],
  "no-nested-ternary": "error",
};

const insideApply = {
  selector: 'CallExpression[callee.property.name="apply"] NewExpression[callee.name!=/Error$/]',
  message: "A resource made inside apply is missing from the preview. Pass the output as an input instead.",
};
const shell = {
  selector: "Property[key.name='shell'][value.value=true]",
  message: "Child processes get an argument vector, never a shell line.",
};

export default tseslint.config(
  { ignores: ["node_modules", "dist", "coverage"] },
  ...tseslint.configs.recommended,
  {
    files: ["**/*.ts"],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-explicit-any": "error",
    },
  },
  {
    rules: {
      ...budgets,
      eqeqeq: "error",
      "prefer-const": "error",
      "no-restricted-syntax": ["error", insideApply, shell],
      "no-restricted-imports": [
        "error",
        {
          paths: [
            {
              name: "node:child_process",
              importNames: ["exec", "execSync"],
              message: "Use an argument vector.",
            },
          ],
        },
      ],
    },
  },
  {
    files: ["components/**/*.ts"],
    ignores: ["components/environment.ts"],
    rules: {
      // A peer dependency that is optional, or slow to load, is required where it is used.
      "@typescript-eslint/no-require-imports": "off",
      "no-restricted-properties": [
        "error",
        {
          object: "process",
          property: "env",
          message: "Only infra/ and the command line read the environment.",
        },
      ],
    },
  },
  // A program as Pulumi's JavaScript users write it.
  { files: ["**/*.cjs"], rules: { "@typescript-eslint/no-require-imports": "off" } },
  {
    files: ["test/**/*.ts"],
    rules: {
      "max-lines-per-function": "off",
      "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
);
