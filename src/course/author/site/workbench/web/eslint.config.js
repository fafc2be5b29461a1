import js from "@eslint/js";
import globals from "globals";

export default [
  js.configs.recommended,
  {
    rules: {
      curly: ["error", "multi-line"],
      eqeqeq: "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
    },
  },
  { files: ["src/**"], languageOptions: { globals: globals.browser } },
  { files: ["src/worker.js"], languageOptions: { globals: globals.worker } },
  { files: ["src/service-worker.js"], languageOptions: { globals: globals.serviceworker } },
  { files: ["*.js", "*.mjs", "test/**"], languageOptions: { globals: globals.node } },
];
