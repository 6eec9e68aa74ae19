// The documents of a front end that keeps by its id whatever it lists.
import { graphql } from "../generated/index.js";

export const Listed = graphql(`
  query Listed($groupId: ID!) {
    me { relatives { id } }
    group(id: $groupId) {
      refresh { run { id } }
      messages(first: 1) { nodes { id } }
      anomalies(first: 1) { nodes { id } }
      leaveRequests(first: 1) { nodes { id } }
      members(first: 1) { nodes { id } }
      invitations(first: 1) { nodes { id } }
    }
  }
`);

export const LookedAt = graphql(`
  query LookedAt {
    me { accesses(first: 1) { nodes { id } } consents(first: 1) { nodes { id } } }
  }
`);

export const Nodes = graphql(`
  query Nodes($ids: [ID!]!) {
    nodes(ids: $ids) { __typename id }
  }
`);

export const RemoveRelative = graphql(`
  mutation RemoveRelative($input: RemoveRelativeInput!) {
    removeRelative(input: $input) {
      removedRelativeId
      me { id relatives { id } }
      errors { code }
    }
  }
`);
