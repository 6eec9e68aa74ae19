// The types of every operation in src/, and all enums, made from the server's own schema.
import type { CodegenConfig } from "@graphql-codegen/cli";

const shared = {
  useTypeImports: true,
  enumType: "string-literal",
  enumsAsTypes: true,
  scalars: { DateTime: "string", Date: "string" },
};

const config: CodegenConfig = {
  schema: "../../../schema.graphql",
  documents: "src/**/*.graphql",
  generates: {
    "src/graphql/generated.ts": {
      plugins: ["typescript-operations", "typed-document-node"],
      config: shared,
    },
    "src/graphql/enums.ts": {
      plugins: ["typescript"],
      config: { ...shared, onlyEnums: true },
    },
  },
};

export default config;
