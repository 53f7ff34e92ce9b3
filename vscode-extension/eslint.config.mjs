import js from "@eslint/js";
import ts from "typescript-eslint";

export default ts.config(
  { ignores: ["dist/", "node_modules/", "out/", "e2e/artifacts/"] },
  js.configs.recommended,
  {
    files: ["src/**/*.ts", "test/**/*.ts", "e2e/*.mts"],
    extends: [...ts.configs.strictTypeChecked, ...ts.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // Numbers in messages are clear as they are.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // Node's runner answers a promise that nobody has to wait for.
      "@typescript-eslint/no-floating-promises": [
        "error",
        {
          allowForKnownSafeCalls: [
            { from: "package", name: ["test", "describe", "it"], package: "node:test" },
          ],
        },
      ],
    },
  },
  {
    files: ["e2e/caller/*.js", "e2e/python/*.js"],
    languageOptions: {
      sourceType: "commonjs",
      globals: {
        require: "readonly",
        exports: "writable",
        Buffer: "readonly",
        TextEncoder: "readonly",
      },
    },
  },
  {
    files: ["**/*.mjs"],
    languageOptions: { globals: { process: "readonly", console: "readonly", URL: "readonly" } },
  },
);
