// The documents that only the scenario of Apollo Client has.
import { graphql } from "../generated/index.js";

export const MemberPages = graphql(`
  query MemberPages($groupId: ID!, $first: Int, $after: String, $search: String) {
    group(id: $groupId) {
      id
      memberCount
      members(first: $first, after: $after, search: $search) {
        edges { cursor node { id remark } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }
  }
`);

export const RemoveMember = graphql(`
  mutation RemoveMember($input: RemoveMemberInput!) {
    removeMember(input: $input) {
      removedMemberId
      group { id memberCount }
      errors { code message }
    }
  }
`);
