// The documents of a dashboard that follows all groups of a manager.
import { graphql } from "../generated/index.js";

export const MyGroups = graphql(`
  subscription MyGroups {
    viewerGroupsChanged {
      kind
      groupId
      group { id name colour memberCount colourReasons { reason count } }
    }
  }
`);

export const EventsOf = graphql(`
  subscription EventsOf($groupId: ID!, $after: Int, $types: [GroupEventType!]) {
    groupEvents(groupId: $groupId, after: $after, types: $types) {
      __typename
      ... on GroupEvent { number type }
      ... on Lagged { number }
    }
  }
`);
