// What the JavaScript is asked for beyond its form and its types: short functions, and words for what is exported.
import jsdoc from "eslint-plugin-jsdoc";

const EXPORTED = [
  "FunctionDeclaration",
  "VariableDeclaration > VariableDeclarator > ArrowFunctionExpression",
].map((kind) => `:matches(ExportNamedDeclaration, ExportDefaultDeclaration) > ${kind}`);

export default [
  { ignores: ["**/minisearch/", "**/codemirror/"] }, // by others
  {
    files: ["src/**/*.js", "book/**/*.js"],
    linterOptions: { reportUnusedDisableDirectives: "error" },
    plugins: { jsdoc },
    rules: {
      "max-lines-per-function": ["error", { max: 80 }],
      "jsdoc/require-jsdoc": [
        "error",
        { publicOnly: true, require: { ArrowFunctionExpression: true, FunctionExpression: true } },
      ],
      "jsdoc/require-param": ["error", { contexts: EXPORTED }],
      "jsdoc/require-param-type": "error",
      "jsdoc/check-param-names": "error",
      "jsdoc/require-returns": ["error", { contexts: EXPORTED }],
      "jsdoc/require-returns-type": "error",
    },
  },
];
