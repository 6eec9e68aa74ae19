// The text of every operation as the client sends it, for the manifest of persisted documents.
import { formatDocument, stringifyDocument, type TypedDocumentNode } from "@urql/core";
import * as generated from "./generated";

function isDocument(value: unknown): value is TypedDocumentNode {
  return (
    typeof value === "object" &&
    value !== null &&
    "definitions" in value &&
    Array.isArray(value.definitions) &&
    value.definitions[0]?.kind === "OperationDefinition"
  );
}

export const texts = Object.values(generated)
  .filter(isDocument)
  .map((document) => stringifyDocument(formatDocument(document)))
  .sort();
